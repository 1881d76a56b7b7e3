/* Words that are selected in a stored copy's text go into the form above it; without this script
   they are copied by hand. */
"use strict";
(() => {
  const box = document.getElementById("choose"), form = document.getElementById("choose-form");
  if (!box || !form) return;
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0), words = range.toString();
    const text = range.startContainer.parentElement && range.startContainer.parentElement.closest(".fc-text");
    if (!text || !text.contains(range.endContainer) || !words.trim()) return;
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    form.elements.words.value = words.trim();
    form.elements.near.value = Number(box.dataset.from) + before.toString().length;
  });
})();
