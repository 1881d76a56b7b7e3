/* What the skin's own script leaves out: the system's colours are followed when they change,
   a drawer takes the focus, keeps it, and gives it back, and a list that scrolls says its name. */
"use strict";
(() => {
  const root = document.documentElement;

  /* Alpine reads the system's wish only when its own value changes; so it is changed and
     set back at once, and looks again before the next frame. */
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    const state = window.Alpine && Alpine.$data(root);
    if (!state || state.adminTheme !== "auto") return;
    state.adminTheme = "light";
    state.adminTheme = "auto";
  });

  const REACHABLE = "a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary, [tabindex='0']";
  const shown = (one) => one.getClientRects().length > 0;
  const reachable = (within) => [...within.querySelectorAll(REACHABLE)].filter(shown);

  let openDrawer = null, opener = null;
  function watch() {
    if (openDrawer && !shown(openDrawer)) {
      const back = opener;
      openDrawer = opener = null;
      if (back && shown(back)) back.focus();
    }
    if (openDrawer) requestAnimationFrame(watch);
  }
  function hold(drawer, from) {
    openDrawer = drawer;
    opener = from;
    const first = reachable(drawer)[0];
    if (first && !drawer.contains(document.activeElement)) first.focus();
    requestAnimationFrame(watch);
  }
  document.addEventListener("click", (event) => {
    const from = event.target.closest("[data-opens]");
    const drawer = from && document.querySelector(from.dataset.opens);
    if (drawer) requestAnimationFrame(() => requestAnimationFrame(() => shown(drawer) && hold(drawer, from)));
  });
  window.addEventListener("opencommand", () => holdPalette(document.activeElement));
  document.addEventListener("keydown", (event) => {
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) holdPalette(document.activeElement);
    if (event.key !== "Tab" || !openDrawer) return;
    const all = reachable(openDrawer), last = all.length - 1;
    const at = all.indexOf(document.activeElement);
    if (!all.length) return;
    if (at < 0 || (event.shiftKey && at === 0)) { event.preventDefault(); all[event.shiftKey ? last : 0].focus(); }
    else if (!event.shiftKey && at === last) { event.preventDefault(); all[0].focus(); }
  });
  // One key takes the next ticket, wherever its button stands; letters in a field stay letters.
  const isField = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || event.repeat || openDrawer || document.querySelector("dialog[open]")) return;
    if (isField(event.target) && !/^(radio|checkbox)$/.test(event.target.type)) return;
    const take = [...document.querySelectorAll("form[action$='/take-next/'] button:not([disabled])")].find(shown);
    if (!take) return;
    event.preventDefault();
    take.click();
  });
  function holdPalette(from) {
    const palette = document.getElementById("fk-palette");
    setTimeout(() => palette && shown(palette) && hold(palette, from), 40);
  }

  // The skin would write a chosen file's name into a field that only its own forms have.
  document.addEventListener("DOMContentLoaded", () => {
    for (const one of document.querySelectorAll("input[type=file]")) one.hasChangeListener = true;
  });
  window.addEventListener("load", () => {
    const menu = document.getElementById("nav-sidebar-apps");
    const current = menu && menu.querySelector("a.active");
    if (current && current.offsetTop + current.offsetHeight > menu.clientHeight) menu.scrollTop = current.offsetTop;
    for (const one of document.querySelectorAll(".simplebar-content-wrapper")) {
      const list = one.querySelector("#result_list");
      // Several tables on one page each say whose they are.
      const group = one.closest("fieldset[aria-labelledby]");
      const named = group && group.getAttribute("aria-labelledby").replace("-heading", "").replaceAll("_", " ");
      one.setAttribute("aria-label", list ? "Rows" : named || "More of this");
    }
    // Icons are drawn by a font from words; nobody should have those read out.
    for (const one of document.querySelectorAll(".material-symbols-outlined:not([aria-hidden])")) one.setAttribute("aria-hidden", "true");
    const fault = document.querySelector("#content .errors input, #content .errors select, #content .errors textarea");
    if (fault) fault.focus();
  });
})();
