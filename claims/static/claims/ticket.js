/* The ticket page without it works: forms post, the page comes back. With it: drafts save
   themselves, stances are set in place, the reservation renews while a person works, and
   everything has a key. No page text is ever parsed as markup here. */
"use strict";
(() => {
  const page = document.getElementById("ticket");
  if (!page) return;
  const form = document.getElementById("verdict-form");
  const live = document.getElementById("tk-live");
  const token = page.querySelector("input[name=csrfmiddlewaretoken]");
  const all = (selector, within = page) => [...within.querySelectorAll(selector)];
  const say = (text) => { if (live) live.textContent = text; };
  // As everywhere on the page: 24 hours, in the zone that the server tells times in.
  const clock = (at) => `${at.slice(11, 16)} ${page.dataset.zone}`;

  /* Only our own answers are JSON. The login page is not, whatever its status: where it
     comes, nothing was saved, and that is said until the person has signed in again. */
  const out = document.getElementById("tk-out");
  const isRefused = (answer) => answer.redirected || answer.status === 403;
  async function post(url, body, options = {}, isAgain = false) {
    if (token) body.set("csrfmiddlewaretoken", token.value);
    const answer = await fetch(url, {
      method: "POST", body, credentials: "same-origin",
      headers: { Accept: "application/json" }, ...options,
    });
    const told = await answer.json().catch(() => null);
    if (told) { out.hidden = true; return { ok: answer.ok, status: answer.status, told }; }
    if (isRefused(answer) && !isAgain && await renewToken()) return post(url, body, options, true);
    out.hidden = !isRefused(answer);
    return { ok: false, status: answer.status, told: { error: "This is not saved." } };
  }
  // Signing in again changes the token; the page takes the new one and goes on.
  async function renewToken() {
    const answer = await fetch(page.dataset.stateUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
    const told = await answer.json().catch(() => null);
    if (!answer.ok || !told || !told.token) return false;
    for (const field of all("input[name=csrfmiddlewaretoken]", document)) field.value = told.token;
    return true;
  }

  /* Drafts ------------------------------------------------------------- */
  let isDirty = false, isSending = false, draftTimer = 0;
  const saved = document.getElementById("tk-saved");

  async function keepDraft(options = {}) {
    clearTimeout(draftTimer);
    if (!form || !isDirty || isSending) return;
    isDirty = false;
    try {
      const { ok, told } = await post(page.dataset.draftUrl, new FormData(form), options);
      if (!ok) { isDirty = true; saved.textContent = told.error || "The draft could not be saved."; return; }
      saved.textContent = told.saved_at ? `Draft saved ${clock(told.saved_at)}.` : "";
    } catch {
      isDirty = true;
      saved.textContent = "No connection: the draft is not saved.";
    }
  }
  function typed() {
    isDirty = true;
    clearTimeout(draftTimer);
    draftTimer = setTimeout(keepDraft, 900);
    describe();
  }

  /* What the verdict rests on, and how long the rationale is ---------------- */
  function describe() {
    if (!form) return;
    const area = form.elements.rationale, min = Number(area.dataset.min);
    const count = document.getElementById("tk-count"), has = area.value.trim().length;
    count.textContent = has < min ? `At least ${min} characters; ${min - has} to go.` : `${has} characters.`;
    const ticked = all("[data-tick]:checked").map((box) => box.dataset.tick);
    const decisive = all("[data-decisive]:checked").map((box) => box.dataset.decisive);
    const rests = document.getElementById("tk-rests");
    if (!rests) return; // a blind read rests on what it cites
    const list = (numbers) => numbers.sort((a, b) => a - b).map((number) => `[${number}]`).join(" ");
    const elsewhere = all("[name=evidence][data-unseen]").length;
    rests.textContent = ticked.length + elsewhere
      ? list(ticked) + (elsewhere ? ` ${elsewhere} in other parts of the list` : "") + (decisive.length ? `, decisive ${list(decisive)}` : "")
      : "nothing yet: tick evidence with “Rests on this”";
  }
  page.addEventListener("change", (event) => {
    const box = event.target;
    if (box.dataset.decisive && box.checked) {
      const tick = page.querySelector(`[data-tick="${box.dataset.decisive}"]`);
      if (tick) tick.checked = true;
    }
    if (box.dataset.tick && !box.checked) {
      const decisive = page.querySelector(`[data-decisive="${box.dataset.tick}"]`);
      if (decisive) decisive.checked = false;
    }
    if (form && box.form === form) typed();
  });
  if (form) {
    form.addEventListener("input", typed);
    form.addEventListener("submit", (event) => {
      if (out.hidden) { isSending = true; return; }
      event.preventDefault();
      out.focus();
      keepDraft();
    });
    describe();
    const flaw = form.querySelector("[aria-invalid=true]") || document.getElementById("tk-errors");
    if (flaw) flaw.focus();
  }
  // Any other form leaves the page: the draft goes first.
  page.addEventListener("submit", (event) => {
    if (event.target !== form && event.target.id !== "tk-discard") keepDraft({ keepalive: true });
  });
  addEventListener("focus", () => { if (!out.hidden) keepDraft(); });
  addEventListener("pagehide", () => keepDraft({ keepalive: true }));

  const cards = () => all(".tk-piece");

  /* The reservation ----------------------------------------------------------- */
  const hold = document.getElementById("tk-hold");
  let renewedAt = Date.now(), lastWorked = 0;
  // Reading is work too: whatever key, press or scroll there is on the page.
  for (const kind of ["keydown", "pointerdown", "wheel", "touchmove", "input"]) {
    document.addEventListener(kind, () => { lastWorked = Date.now(); }, { capture: true, passive: true });
  }
  function tickHold() {
    if (!hold || !hold.dataset.until) return;
    const minutes = Math.ceil((new Date(hold.dataset.until) - Date.now()) / 60000);
    hold.classList.toggle("is-late", minutes <= 5);
    document.getElementById("tk-hold-text").textContent =
      minutes > 0 ? `Yours for ${minutes} min` : "Your time is over; renew it to go on";
  }
  async function renew() {
    renewedAt = Date.now();
    const { ok, told } = await post(page.dataset.renewUrl, new FormData()).catch(() => ({ ok: false, told: {} }));
    if (ok && told.until) { hold.dataset.until = told.until; tickHold(); }
    else if (told.error) warn(told.error);
  }
  const renewForm = document.getElementById("tk-renew");
  if (renewForm) renewForm.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); renew(); });
  if (page.dataset.holder === "1") {
    setInterval(() => {
      tickHold();
      if (lastWorked > renewedAt && Date.now() - renewedAt > 60000) renew();
    }, 10000);
    tickHold();
  }

  /* What others do to this ticket meanwhile, and how far the gathering is. ``acting.js`` takes
     the page's parts anew. ---- */
  const desk = window.ticketDesk = { post, say, freshen: async () => false, watch };
  function warn(text) {
    document.getElementById("tk-moved-text").textContent = text;
    document.getElementById("tk-moved").hidden = false;
  }
  const isGathering = page.dataset.gathering === "1";
  let isComparing = page.dataset.comparing === "1";
  async function showSources(digest) {
    const box = document.getElementById("tk-sources");
    // Nothing is taken from under a person who is at it.
    if (!box || !digest || digest === box.dataset.digest || box.contains(document.activeElement)) return;
    try {
      const answer = await fetch(box.dataset.url, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const log = box.querySelector("details"), isOpen = !log || log.open;
      box.innerHTML = await answer.text();
      box.dataset.digest = digest;
      const fresh = box.querySelector("details");
      if (fresh && log) fresh.open = isOpen;
    } catch { return; }
  }
  async function look() {
    let told;
    try {
      const answer = await fetch(page.dataset.stateUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      told = await answer.json();
    } catch { return; }
    await showSources(told.sources);
    if (told.is_comparing !== isComparing && !isGathering) {
      if (!await desk.freshen()) return;
      isComparing = told.is_comparing;
      if (!isComparing) say("The sources were compared again.");
    }
    if (isGathering && told.state !== page.dataset.state) {
      if (window.isFrameTyped && window.isFrameTyped()) { warn("There is something new."); return; }
      await keepDraft();
      location.reload();
      return;
    }
    // A ticket that waits for its turn has no bar yet.
    const bar = document.getElementById("tk-progress");
    if (isGathering && bar) {
      bar.setAttribute("aria-valuenow", told.percent);
      bar.firstElementChild.style.width = `${told.percent}%`;
      document.getElementById("tk-progress-text").textContent =
        `${told.searches.done} of ${told.searches.total} searches done · ${told.pages.done} of ${told.pages.total} pages fetched`
        + (told.pages.failed ? `, ${told.pages.failed} of them could not be had` : "");
    } else if (!isGathering && told.last && (String(told.version) !== page.dataset.version
        || String(told.claim_version) !== page.dataset.claimVersion)) {
      page.dataset.version = String(told.version);
      page.dataset.claimVersion = String(told.claim_version);
      warn(`${told.last.who} changed this ticket at ${clock(told.last.at)}.`);
    }
  }
  const pause = () => isGathering ? (page.dataset.state === "open" ? 5000 : 1500) : isComparing ? 1500 : 20000;
  let lookTimer = setTimeout(lookOn, pause());
  async function lookOn() {
    if (!document.hidden) await look();
    clearTimeout(lookTimer);
    lookTimer = setTimeout(lookOn, pause());
  }
  function watch() {
    isComparing = true;
    clearTimeout(lookTimer);
    lookTimer = setTimeout(lookOn, pause());
  }

  /* Keys ------------------------------------------------------------------------ */
  const sheet = document.getElementById("tk-keys");
  const openSheet = () => { if (!sheet.open) sheet.showModal(); };
  document.getElementById("tk-keys-open").addEventListener("click", openSheet);
  page.addEventListener("keydown", (event) => {
    const box = event.key === "Escape" && event.target.closest("details.tk-pop[open]");
    if (!box) return;
    box.open = false;
    box.querySelector("summary").focus();
    event.stopPropagation();
  });
  let current = null;
  function go(step) {
    const shown = cards().filter((card) => !card.hidden);
    if (!shown.length) return;
    const at = shown.indexOf(here());
    const next = shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step))];
    select(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  // A card that was drawn anew is another node with the same name.
  function here() {
    if (current && !current.isConnected) select(document.getElementById(current.id));
    return current;
  }
  function select(card) {
    if (current) current.classList.remove("is-current");
    current = card;
    if (card) card.classList.add("is-current");
  }
  page.addEventListener("focusin", (event) => {
    const card = event.target.closest(".tk-piece");
    if (card && card !== current) select(card);
  });
  function flip(kind) {
    const box = here() && current.querySelector(`[data-${kind}]`);
    if (box) box.click();
  }
  const STANCES = { s: "supports", r: "refutes", n: "neutral" };
  const isField = (node) => node.isContentEditable || /^(TEXTAREA|SELECT)$/.test(node.tagName)
    || (node.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(node.type));
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isField(event.target)) { event.target.blur(); return; }
    if (sheet.open || isField(event.target)) return;
    if (document.querySelector("[role=dialog]:not([hidden]) input:focus")) return;
    const key = event.key;
    if (key === "?") openSheet();
    else if (key === "j") go(1);
    else if (key === "k") go(-1);
    else if (STANCES[key] && here()) desk.setStance(current, STANCES[key]);
    else if (key === "e") flip("tick");
    else if (key === "d") flip("decisive");
    else if (key === "v") toVerdict();
    else if (/^[1-9]$/.test(key) && form) {
      const choice = form.querySelector(`[data-key="${key}"]`);
      if (!choice) return;
      choice.checked = true;
      choice.focus();
      typed();
    } else return;
    event.preventDefault();
  });
  function toVerdict() {
    const side = document.getElementById("verdict");
    const first = side.querySelector("input[name=rating]:checked")
      || side.querySelector("input[name=rating]") || side.querySelector("textarea:not([readonly]), button");
    (first || side).focus();
    side.scrollIntoView({ block: "nearest" });
  }
  const jump = page.querySelector(".tk-jump");
  if ("IntersectionObserver" in window) {
    new IntersectionObserver(([seen]) => jump.classList.toggle("is-away", seen.isIntersecting))
      .observe(document.getElementById("verdict"));
  }
  const notice = document.getElementById("tk-notice");
  if (notice) notice.focus();
})();
