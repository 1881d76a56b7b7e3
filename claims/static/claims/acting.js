/* Evidence is added and set right without leaving the page: the forms of #adding and of the parts
   marked data-part are sent in place, an error is put at its field, and the parts are taken anew
   from the page as the server draws it. What is typed, ticked and open elsewhere stays. Without
   this script the forms post and the page comes back. */
"use strict";
(() => {
  const page = document.getElementById("ticket"), desk = window.ticketDesk;
  if (!page || !desk) return;
  const adding = document.getElementById("adding");
  const all = (selector, within = page) => [...within.querySelectorAll(selector)];
  const TEXTS = "textarea, select, input:not([type=hidden], [type=checkbox], [type=radio], [type=file])";

  /* A line at the foot of the window, for who is far down the page; it is read out too. */
  const live = document.getElementById("tk-live");
  let fading = 0;
  function tell(text) {
    desk.say(text);
    live.classList.replace("tk-hidden", "tk-toast");
    clearTimeout(fading);
    fading = setTimeout(() => live.classList.replace("tk-toast", "tk-hidden"), 7000);
  }
  const said = location.hash && document.querySelector("main > :first-child li");
  if (said) {
    const words = said.cloneNode(true);
    // Icons are words that a font draws.
    for (const icon of words.querySelectorAll(".material-symbols-outlined")) icon.remove();
    tell(words.textContent.trim());
  }

  /* The parts as the server draws them now ----------------------------------- */
  const isTyped = (part, sent) => all(TEXTS, part).some((field) => field.form !== sent
    && field.tagName !== "SELECT" && field.value !== field.defaultValue);
  const nameOf = (box) => `${box.id || box.parentElement.closest("[id]").id} ${box.className}`;
  const boxes = (name) => all(`input[name=${name}][form=verdict-form]`);
  const KINDS = ["evidence", "decisive"];
  const ticked = (name) => new Set(boxes(name).filter((box) => box.type === "hidden" || box.checked).map((box) => box.value));

  function tick(name, wanted) {
    for (const box of boxes(name)) {
      if (box.type === "hidden") box.remove();
      else box.checked = wanted.delete(box.value);
    }
    // What is ticked and not drawn stays ticked.
    for (const value of wanted) {
      const kept = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      kept.setAttribute("form", "verdict-form");
      kept.dataset.unseen = value;
      document.getElementById("tk-pieces").append(kept);
    }
  }
  function focusOf(part) {
    const node = document.activeElement;
    if (!part.contains(node)) return null;
    return { id: node.closest("[id]").id, own: node.id, name: node.name, value: node.value };
  }
  function focusAgain({ id, own, name, value }) {
    const within = document.getElementById(id);
    if (!within) return;
    const same = own ? within : name && within.querySelector(`[name="${name}"][value="${value}"]`);
    (same || within.querySelector("summary, a[href], button") || within).focus({ preventScroll: true });
  }
  function take(part, theirs) {
    const open = new Set(all("details[open]", part).map(nameOf)), place = focusOf(part);
    part.replaceChildren(...document.importNode(theirs, true).childNodes);
    for (const box of all("details", part)) if (open.has(nameOf(box))) box.open = true;
    if (place) focusAgain(place);
  }
  // Acts of this page so far: what was drawn before one of them is not shown after it.
  let acts = 0;
  async function freshen(sent = null) {
    let drawn;
    const seen = acts;
    try {
      const answer = await fetch(page.dataset.url + location.search, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return false;
      drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { return false; }
    if (seen !== acts) return freshen(sent);
    const ticks = KINDS.map(ticked);
    for (const part of all("[data-part]")) {
      const theirs = drawn.getElementById(part.id);
      const stays = (part.dataset.part === "once" && part.children.length) || isTyped(part, sent);
      if (theirs && !stays) take(part, theirs);
    }
    KINDS.forEach((name, at) => tick(name, ticks[at]));
    document.dispatchEvent(new Event("ticket:fresh"));
    return true;
  }
  desk.freshen = freshen;

  /* Sending in place ----------------------------------------------------------- */
  let flaws = 0;
  function clear(form) {
    for (const line of all(".tk-error", form)) line.remove();
    for (const field of all("[aria-invalid]", form)) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }
  function put(form, errors) {
    for (const [name, [text]] of Object.entries(errors)) {
      const field = all(TEXTS + ", [type=file]", form).find((one) => one.name === name);
      const line = Object.assign(document.createElement("p"), { className: "tk-error", id: `flaw-${++flaws}`, textContent: text });
      if (field) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", line.id);
        (field.closest(".tk-row") || field).after(line);
      } else {
        line.setAttribute("role", "alert");
        form.append(line);
      }
    }
    const first = form.querySelector("[aria-invalid=true]");
    if (first) first.focus();
  }
  function empty(form) {
    form.reset();
    for (const field of all(TEXTS, form)) if (field.tagName !== "SELECT") field.value = "";
    if (form.dataset.once !== undefined) form.remove();
  }
  const isOurs = (form) => form.method === "post" && form.dataset.away === undefined
    && form.closest("#adding, [data-part]");
  page.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || !isOurs(form)) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    clear(form);
    const line = form.querySelector("[data-added]");
    if (line) line.textContent = "Sending …";
    const body = new FormData(form);
    if (button && button.name) body.append(button.name, button.value);
    acts += 1;
    const answer = await desk.post(form.getAttribute("action"), body).catch(() => null);
    acts += 1;
    delete form.dataset.sent;
    if (line) line.textContent = "";
    if (!answer) { put(form, { "": ["No connection: nothing was sent. What you typed is still here."] }); return; }
    if (!answer.ok) { put(form, answer.told.errors || { "": [answer.told.error] }); return; }
    const isAdded = adding && adding.contains(form);
    if (line) line.textContent = answer.told.said;
    else tell(answer.told.said);
    if (isAdded) empty(form);
    await freshen(form);
    if (isAdded) desk.watch();
  });

  /* Stances, set in place --------------------------------------------------- */
  async function setStance(card, stance) {
    const own = card.querySelector(".tk-stance");
    if (!own) return;
    const body = new FormData(own);
    body.set("stance", stance);
    acts += 1;
    const { ok, told } = await desk.post(page.dataset.stanceUrl, body).catch(() => ({ ok: false, told: {} }));
    acts += 1;
    if (!ok) { tell(told.error || "The stance was not saved."); return; }
    const pressed = all("button[name=stance]", own).find((one) => one.value === stance && one.getAttribute("aria-pressed") !== "true");
    for (const button of all("button[name=stance]", own)) button.setAttribute("aria-pressed", String(button === pressed));
    count(card.dataset.stance, -1);
    // Taken back, the machine's suggestion stands again.
    card.dataset.stance = pressed ? stance : card.dataset.suggested;
    count(card.dataset.stance, 1);
    card.classList.toggle("is-judged", Boolean(pressed));
    card.classList.remove("is-good", "is-bad", "is-calm");
    card.classList.add(`is-${own.querySelector(`[value=${card.dataset.stance}]`).dataset.tone}`);
    card.querySelector(".tk-stance-by").textContent = pressed ? "Set by you" : "Not judged yet";
    desk.say(told.said);
  }
  // Of a long list only a part is drawn: what is counted goes up and down.
  function count(stance, by) {
    for (const one of all(`[data-count="${stance}"]`)) one.textContent = Number(one.textContent) + by;
  }
  page.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=stance]");
    if (!button) return;
    event.preventDefault();
    setStance(button.closest(".tk-piece"), button.value);
  });

  desk.setStance = setStance;

  /* What was typed into a form that was not sent outlasts another page in this tab. */
  const shelf = `typed ${page.dataset.person} ${page.dataset.url}`;
  const kept = () => all("form[data-keep]");
  let leaving = null;
  page.addEventListener("submit", (event) => { if (!event.defaultPrevented) leaving = event.target; });
  addEventListener("pagehide", () => {
    const typed = kept().filter((form) => form !== leaving).flatMap((form) => all(TEXTS, form)
      .filter((field) => field.tagName !== "SELECT" && field.value.trim()).map((field) => [field.id, field.value]));
    try {
      if (typed.length) sessionStorage.setItem(shelf, JSON.stringify(typed));
      else sessionStorage.removeItem(shelf);
    } catch { /* A full store keeps what it has. */ }
  });
  for (const [id, value] of JSON.parse(sessionStorage.getItem(shelf) || "[]")) {
    const field = document.getElementById(id), box = field && field.closest("details");
    if (!field || field.value) continue;
    field.value = value;
    if (box) box.open = true;
  }

  // A page that came back with a flaw shows it: the browser itself goes to the top.
  const flaw = all("[aria-invalid=true], .tk-chip-form > .tk-error").find((one) => one.offsetParent);
  if (flaw && !page.contains(document.activeElement)) (flaw.matches(".tk-error") ? flaw.closest("form").querySelector(".tk-input") : flaw).focus();
})();
