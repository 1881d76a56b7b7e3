/* What is typed into the discussion keeps itself, a second after the last key and when the page
   is left. Without it the forms post as they are. */
"use strict";
(() => {
  const talk = document.getElementById("talk");
  if (!talk) return;
  for (const form of talk.querySelectorAll("form[data-draft-url]")) {
    const area = form.elements.text, told = form.querySelector("[data-saved]");
    let timer = 0, isDirty = false, asked = null;
    const keep = async (options = {}) => {
      clearTimeout(timer);
      if (!isDirty) return;
      isDirty = false;
      asked = new AbortController();
      try {
        const answer = await fetch(form.dataset.draftUrl, {
          method: "POST", body: new FormData(form), credentials: "same-origin",
          headers: { Accept: "application/json" }, signal: asked.signal, ...options,
        });
        const said = await answer.json().catch(() => null);
        if (!answer.ok || !said) throw new Error(said ? said.error : "Sign in again: this is not saved.");
        const at = said.saved_at ? said.saved_at.slice(11, 16) : "";
        told.textContent = at ? `Draft saved ${at} ${document.getElementById("ticket").dataset.zone}.` : "";
      } catch (problem) {
        if (problem.name === "AbortError") return;
        isDirty = true;
        told.textContent = problem instanceof TypeError ? "No connection: the draft is not saved." : problem.message;
      }
    };
    area.addEventListener("input", () => {
      isDirty = true;
      clearTimeout(timer);
      timer = setTimeout(keep, 900);
    });
    // What is sent is no draft any more.
    form.addEventListener("submit", () => { clearTimeout(timer); isDirty = false; if (asked) asked.abort(); });
    addEventListener("pagehide", () => keep({ keepalive: true }));
  }
})();
