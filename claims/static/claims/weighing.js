/* Filters and order of the sources without loading the page again. The server draws the page for
   the same address as without a script; its order, what it hides and what it says are taken over
   in place, so that what is ticked, typed and open stays. */
"use strict";
(() => {
  const page = document.getElementById("ticket");
  const box = document.getElementById("tk-view");
  if (!page || !box) return;
  const form = box.querySelector("form");
  let asked = 0;

  function order(drawn) {
    for (const theirs of drawn.querySelectorAll("[data-ordered]")) {
      const mine = document.getElementById(theirs.id);
      if (!mine) continue;
      const known = new Map([...mine.children].filter((one) => one.id).map((one) => [one.id, one]));
      for (const one of [...theirs.children].filter((each) => each.id && !each.matches("thead"))) {
        const own = known.get(one.id) || document.getElementById(one.id) || document.importNode(one, true);
        known.delete(one.id);
        own.hidden = one.hidden;
        mine.append(own);
        const pk = own.querySelector("[data-tick]");
        if (pk) for (const kept of page.querySelectorAll(`[data-unseen="${pk.value}"]`)) kept.remove();
      }
      // What another part of the list holds stays, with what is ticked in it.
      for (const [id, one] of known) if (!id.startsWith("m-head")) one.hidden = true;
    }
    for (const theirs of drawn.querySelectorAll("[data-swap], #tk-view-said > *")) {
      const mine = theirs.id && document.getElementById(theirs.id);
      if (mine) mine.replaceChildren(...document.importNode(theirs, true).childNodes);
    }
  }
  function tell(drawn) {
    const mine = document.getElementById("tk-view-said"), theirs = drawn.getElementById("tk-view-said");
    // The status itself stays in place: only then is its new text read out.
    const said = mine.querySelector("[role=status]");
    said.textContent = theirs.querySelector("[role=status]").textContent;
    while (said.nextSibling) said.nextSibling.remove();
    mine.append(...[...theirs.childNodes].slice(1).map((one) => document.importNode(one, true)));
    const fields = drawn.querySelector("#tk-view form").elements;
    for (const own of form.elements) {
      const other = own.name && fields.namedItem(own.name);
      if (other) { own.value = other.value; own.checked = other.checked; }
    }
  }
  async function show(query) {
    const turn = ++asked;
    const focus = document.activeElement, column = focus && focus.closest("th[scope=col]");
    const place = column && [column.closest("table").id, [...column.parentNode.children].indexOf(column)];
    const address = page.dataset.url + (query ? `?${query}` : "");
    let drawn;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error("not shown");
      drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!drawn.getElementById("tk-view-said")) throw new Error("not shown");
    } catch { location.assign(address); return; }
    if (turn !== asked) return;
    order(drawn);
    tell(drawn);
    for (const field of page.querySelectorAll("input[data-view]")) field.value = query;
    history.replaceState(null, "", address);
    if (place) document.getElementById(place[0]).querySelectorAll("thead th a")[place[1]].focus();
  }
  const typed = () => {
    const held = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...held]) if (!value || (name === "sort" && value === "number")) held.delete(name, value);
    return held.toString();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); show(typed()); });
  form.addEventListener("change", () => show(typed()));
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-view-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(new URL(link.href).search.slice(1));
  });
})();
