/* The frame's chips without it work: each is a disclosure with a form. With it: the first field
   has the focus, Escape and Cancel close without saving, a selection in the sentence becomes
   a number, and after a save the focus is back on the chip. */
"use strict";
(() => {
  const frame = document.getElementById("frame");
  if (!frame) return;
  const all = (selector, within = frame) => [...within.querySelectorAll(selector)];
  const chips = () => all("details.tk-chip-edit");
  const isChanged = (field) => field.type !== "hidden" && (field.tagName === "SELECT"
    ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      && field.value !== (field.querySelector("option[selected]") || field.options[0]).value
    : field.value !== field.defaultValue);
  const isTyped = (chip) => all("input, select, textarea", chip).some(isChanged);
  // For the page that wants to load itself anew: not while something is typed here.
  window.isFrameTyped = () => chips().some((chip) => chip.open && isTyped(chip));

  function close(chip, isGivenUp) {
    if (isGivenUp) chip.querySelector("form").reset();
    chip.open = false;
  }
  for (const chip of chips()) {
    for (const button of all("[data-close]", chip)) button.hidden = false;
    chip.addEventListener("toggle", () => {
      if (!chip.open) return;
      // What was typed elsewhere stays open; what was only looked at closes.
      for (const other of chips()) if (other !== chip && other.open && !isTyped(other)) close(other, false);
      if (chip.id === "tk-add-number") takeSelection();
      const first = chip.querySelector("[aria-invalid=true]") || chip.querySelector(".tk-input");
      if (first && !chip.contains(document.activeElement.closest(".tk-chip-form"))) {
        first.focus();
        if (first.select) first.select();
      }
    });
  }
  frame.addEventListener("click", (event) => {
    const button = event.target.closest("[data-close]");
    if (!button) return;
    const chip = button.closest("details");
    close(chip, true);
    chip.querySelector("summary").focus();
  });
  frame.addEventListener("keydown", (event) => {
    const chip = event.key === "Escape" && event.target.closest("details.tk-chip-edit[open]");
    if (!chip || event.isComposing) return;
    close(chip, true);
    chip.querySelector("summary").focus();
    event.preventDefault();
    event.stopPropagation();
  });

  /* A selection in the sentence: its words, and where they stand in characters. */
  const sentence = document.getElementById("tk-sentence");
  const words = document.getElementById("in-add-words");
  const start = document.getElementById("tk-add-start");
  let picked = null;
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!sentence || !sentence.contains(range.commonAncestorContainer)) return;
    const before = document.createRange();
    before.selectNodeContents(sentence);
    before.setEnd(range.startContainer, range.startOffset);
    // Offsets count characters, not the halves in which the browser counts them.
    picked = { words: range.toString(), start: [...before.toString()].length };
  });
  function takeSelection() {
    if (!picked || !words || words.value) return;
    words.value = picked.words;
    start.value = picked.start;
  }
  if (words) words.addEventListener("input", () => { start.value = ""; });

  const flaw = frame.querySelector("[aria-invalid=true]") || document.getElementById("frame-error");
  if (flaw) flaw.focus();
  else if (/^#chip-[\w-]+$/.test(location.hash)) {
    const chip = document.querySelector(`${location.hash} summary`);
    // The browser goes to the address's place last and takes the focus along: after that.
    const focus = () => setTimeout(() => { if (chip && document.activeElement === document.body) chip.focus(); }, 0);
    if (document.readyState === "complete") focus();
    else addEventListener("load", focus, { once: true });
  }
})();
