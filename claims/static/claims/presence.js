/* Says every 20 seconds that this ticket's page is open, and who else has it open. Without it
   the page names the others that were there when it was loaded. */
"use strict";
(() => {
  const box = document.getElementById("tk-here"), page = document.getElementById("ticket");
  if (!box || !page) return;
  let lastTyped = 0;
  page.addEventListener("input", () => { lastTyped = Date.now(); });
  const body = (more) => {
    const told = new FormData();
    const token = page.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) told.set("csrfmiddlewaretoken", token.value);
    for (const [name, value] of Object.entries(more)) told.set(name, value);
    return told;
  };
  const send = (more, options = {}) => fetch(box.dataset.url, {
    method: "POST", body: body(more), credentials: "same-origin", headers: { Accept: "application/json" }, ...options,
  });
  function show(others) {
    const told = others.map((one) => `${one.name} ${one.is_typing ? "is typing here" : "is here too"}`).join(", ");
    if (told === box.textContent.trim()) return;
    box.textContent = told;
    box.hidden = !told;
  }
  async function look() {
    try {
      const answer = await send({ typing: Date.now() - lastTyped < 30000 ? "1" : "0" });
      if (answer.ok && !answer.redirected) show((await answer.json()).others);
    } catch { return; }
  }
  setInterval(() => { if (!document.hidden) look(); }, 20000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("pagehide", () => { send({ left: "1" }, { keepalive: true }).catch(() => {}); });
  look();
})();
