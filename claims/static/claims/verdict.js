/* The verdict's form while it is filled in: the rationale as readers will see it, and what the
   verdict rests on so far. Both are worked out by the server, which has the last word on what
   is markup; without this script the page shows them after the next save. */
"use strict";
(() => {
  const form = document.getElementById("verdict-form");
  if (!form || !form.dataset.previewUrl) return;
  const box = document.getElementById("tk-preview");
  const shown = document.getElementById("tk-preview-text");
  let timer = 0, asked = 0;

  function showGate(line) {
    const item = document.getElementById(`gate-${line.item}`);
    if (!item) return;
    item.classList.toggle("is-met", line.is_met);
    item.classList.toggle("is-unmet", !line.is_met);
    item.querySelector(".tk-gate-words").textContent = line.words;
    item.querySelector(".tk-gate-state").textContent = line.is_met ? ", enough" : ", not enough";
    item.querySelector(".tk-waive").hidden = line.is_met;
  }
  async function show() {
    const mine = ++asked;
    const answer = await fetch(form.dataset.previewUrl, {
      method: "POST", body: new FormData(form), credentials: "same-origin",
      headers: { Accept: "application/json" },
    }).catch(() => null);
    const told = answer && await answer.json().catch(() => null);
    // A later question is under way, or nobody answered: what stands here stays.
    if (mine !== asked || !answer || !answer.ok || !told) return;
    shown.innerHTML = told.markup;
    box.hidden = !told.markup;
    told.gate.forEach(showGate);
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(show, 250);
  }
  form.addEventListener("input", soon);
  document.addEventListener("ticket:fresh", soon);
  document.addEventListener("change", (event) => { if (event.target.form === form) soon(); });
})();
