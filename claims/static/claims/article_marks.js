/* Marking without a reload: a click or a key chooses a sentence, a claim's ends are dragged or
   moved word by word. What is posted are offsets; the server reads the words again itself.
   Without this the buttons of the text still choose, and the bar's forms still post. */
"use strict";
(() => {
  const text = document.querySelector(".fa-text");
  const bar = document.getElementById("at");
  if (!text || !bar) return;
  const part = (name) => bar.querySelector(`[data-bar=${name}]`);
  const field = (name) => bar.querySelector(`input[name=${name}]`);
  const picks = [...text.querySelectorAll(".fa-pick")];
  let chosen = null; // { pick, runs, start, end, words, first, last, from, to }

  /* What is chosen -------------------------------------------------------- */
  const spanOf = (key) => key.split("-").map(Number);
  const runsOf = (key) => [...text.querySelectorAll(".fa-run")].filter((run) => keyOf(run) === key);
  function keyOf(run) {
    if (run.dataset.key) return run.dataset.key;
    const next = run.nextElementSibling;
    return next && next.matches(".fa-pick") ? next.value : "";
  }
  const pickOf = (key) => picks.find((pick) => pick.value === key);

  // One stop for Tab; arrows go on from there.
  function stopAt(pick) {
    for (const one of picks) one.tabIndex = one === pick ? 0 : -1;
  }

  function choose(pick) {
    leave();
    const runs = runsOf(pick.value);
    const [start, end] = spanOf(pick.value);
    const told = runs[0].dataset;
    chosen = { pick, runs, start, end };
    for (const run of runs) run.classList.add("is-chosen");
    pick.setAttribute("aria-pressed", "true");
    stopAt(pick);
    bar.querySelectorAll(".fa-told").forEach((one) => one.remove());
    bar.dataset.kind = told.kind || "sentence";
    part("score").textContent = told.score || "";
    part("told").textContent = told.told || "";
    part("hold").textContent = told.hold || told.note || "";
    for (const [name, value] of [["start", start], ["end", end], ["place", told.place], ["claim", told.claim], ["version", told.version]]) field(name).value = value ?? "";
    part("drop").disabled = Boolean(told.hold);
    part("open").hidden = !told.open;
    if (told.open) part("open").setAttribute("formaction", told.open);
    runs[runs.length - 1].closest("p").after(bar);
    bar.hidden = false;
    readyEnds(told);
  }

  function leave() {
    if (!chosen) return;
    for (const run of chosen.runs) run.classList.remove("is-chosen");
    chosen.pick.removeAttribute("aria-pressed");
    chosen = null;
    layer.hidden = true;
    bar.hidden = true;
  }

  /* The words around a claim ---------------------------------------------- */
  // Every shown character of a line with its place in the article: code points, as the server counts.
  function readChars(line) {
    const chars = [];
    for (const run of line.querySelectorAll("[data-at]")) {
      let at = Number(run.dataset.at);
      const walker = document.createTreeWalker(run, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.nodeType === Node.ELEMENT_NODE) { at += Number(node.dataset.n || 0); continue; }
        let unit = 0;
        for (const letter of node.data) {
          chars.push({ node, unit, size: letter.length, at, letter, run });
          unit += letter.length;
          at += 1;
        }
      }
    }
    return chars;
  }

  function readWords(lines) {
    const words = [];
    let word = null;
    const end = () => { if (word) words.push(word); word = null; };
    for (const line of lines) {
      for (const char of readChars(line)) {
        if (/\s/u.test(char.letter)) { end(); continue; }
        if (word && word.chars[word.chars.length - 1].at + 1 !== char.at) end();
        word ??= { chars: [] };
        word.chars.push(char);
      }
      end();
    }
    for (const one of words) {
      one.start = one.chars[0].at;
      one.end = one.chars[one.chars.length - 1].at + 1;
      const run = one.chars[0].run;
      one.isTaken = run.dataset.kind === "claim" && !chosen.runs.includes(run);
    }
    return words;
  }

  function readyEnds(told) {
    const ends = part("ends");
    ends.hidden = told.kind !== "claim" || Boolean(told.hold);
    part("words").hidden = ends.hidden;
    layer.hidden = ends.hidden;
    if (ends.hidden) return;
    const lines = [...new Set(chosen.runs.map((run) => run.closest("p")))];
    chosen.words = readWords(lines);
    chosen.first = chosen.words.findIndex((word) => word.end > chosen.start);
    chosen.last = chosen.words.findLastIndex((word) => word.start < chosen.end);
    [chosen.from, chosen.to] = [chosen.first, chosen.last];
    if (chosen.first < 0 || chosen.last < chosen.first) { ends.hidden = true; layer.hidden = true; return; }
    part("first").hidden = !told.first || told.first === chosen.pick.value;
    if (told.first) part("first").value = told.first;
    show(false);
  }

  const startNow = () => (chosen.from === chosen.first ? chosen.start : chosen.words[chosen.from].start);
  function endNow() {
    if (chosen.to === chosen.last) return chosen.end;
    // A comma after the last word belongs to what follows.
    const { chars } = chosen.words[chosen.to];
    let count = chars.length;
    while (count > 1 && /[,;:–—]/u.test(chars[count - 1].letter)) count -= 1;
    return chars[count - 1].at + 1;
  }
  const isFree = (index) => index >= 0 && index < chosen.words.length && !chosen.words[index].isTaken;

  function setEnds(from, to) {
    if (!isFree(from) || !isFree(to) || from > to) return;
    for (let index = from; index <= to; index += 1) if (!isFree(index)) return;
    chosen.from = from;
    chosen.to = to;
    show(true);
  }

  function show(isSaid) {
    const [start, end] = [startNow(), endNow()];
    field("start").value = start;
    field("end").value = end;
    part("keep").disabled = start === chosen.start && end === chosen.end;
    const { from, to } = chosen;
    for (const button of bar.querySelectorAll("[data-move]")) {
      const next = { "start-1": [from - 1, to], "start+1": [from + 1, to], "end-1": [from, to - 1], "end+1": [from, to + 1] }[button.dataset.move];
      const isUseless = !isFree(next[0]) || !isFree(next[1]) || next[0] > next[1];
      // A button that has the focus keeps it, so that a key pressed once too often loses nothing.
      button.setAttribute("aria-disabled", String(isUseless));
    }
    const shown = chosen.words.slice(from, to + 1).map((word) => word.chars.filter((char) => char.at >= start && char.at < end).map((char) => char.letter).join(""));
    part("words").value = isSaid ? `“${shown.join(" ")}”` : "";
    draw(start, end);
  }

  /* Boxes and handles over the text ---------------------------------------- */
  const layer = document.createElement("div");
  layer.className = "fa-layer";
  layer.setAttribute("aria-hidden", "true");
  layer.hidden = true;
  const boxes = document.createElement("div");
  const [startGrip, endGrip] = ["start", "end"].map((end) => {
    const grip = document.createElement("span");
    grip.className = `fa-grip fa-grip--${end}`;
    grip.dataset.grip = end;
    return grip;
  });
  layer.append(boxes, startGrip, endGrip);
  text.append(layer);

  function draw(start, end) {
    const chars = chosen.words.flatMap((word) => word.chars).filter((char) => char.at >= start && char.at < end);
    const range = document.createRange();
    const [head, tail] = [chars[0], chars[chars.length - 1]];
    range.setStart(head.node, head.unit);
    range.setEnd(tail.node, tail.unit + tail.size);
    const origin = text.getBoundingClientRect();
    const place = (one, left, top, height, width) => {
      one.style.left = `${left - origin.left}px`;
      one.style.top = `${top - origin.top}px`;
      one.style.height = `${height}px`;
      if (width !== undefined) one.style.width = `${width}px`;
    };
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
    boxes.replaceChildren(...rects.map((rect) => {
      const box = document.createElement("span");
      box.className = "fa-box";
      place(box, rect.left, rect.top, rect.height, rect.width);
      return box;
    }));
    if (!rects.length) return;
    const [first, last] = [rects[0], rects[rects.length - 1]];
    place(startGrip, first.left, first.top, first.height);
    place(endGrip, last.right, last.top, last.height);
  }
  addEventListener("resize", () => { if (chosen && !layer.hidden) draw(startNow(), endNow()); });

  function wordAt(x, y) {
    let node = null, unit = 0;
    if (document.caretPositionFromPoint) {
      const caret = document.caretPositionFromPoint(x, y);
      if (caret) [node, unit] = [caret.offsetNode, caret.offset];
    } else if (document.caretRangeFromPoint) {
      const caret = document.caretRangeFromPoint(x, y);
      if (caret) [node, unit] = [caret.startContainer, caret.startOffset];
    }
    if (!node) return -1;
    return chosen.words.findIndex((word) => word.chars.some((char) => char.node === node && unit >= char.unit && unit <= char.unit + char.size));
  }

  let grabbed = null;
  layer.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".fa-grip");
    if (!grip || !chosen || event.button !== 0) return;
    event.preventDefault();
    const rect = grip.getBoundingClientRect();
    grabbed = { end: grip.dataset.grip, up: event.clientY - (rect.top + rect.height / 2) };
    layer.classList.add("is-held");
  });
  addEventListener("pointermove", (event) => {
    if (!grabbed || !chosen) return;
    event.preventDefault();
    const word = wordAt(event.clientX, event.clientY - grabbed.up);
    if (word < 0) return;
    if (grabbed.end === "start") setEnds(Math.min(word, chosen.to), chosen.to);
    else setEnds(chosen.from, Math.max(word, chosen.from));
  });
  const letGo = () => {
    if (!grabbed) return;
    grabbed = null;
    layer.classList.remove("is-held");
    if (chosen && !part("keep").disabled) part("keep").focus({ preventScroll: true });
  };
  addEventListener("pointerup", letGo);
  addEventListener("pointercancel", letGo);

  /* Clicks and keys --------------------------------------------------------- */
  text.addEventListener("click", (event) => {
    const pick = event.target.closest(".fa-pick");
    if (pick) {
      event.preventDefault();
      choose(pick);
      // By key the focus goes to what can be done; Escape brings it back.
      if (event.detail === 0) first().focus();
      return;
    }
    if (event.target.closest("a, button, .fa-bar, .fa-layer") || !getSelection().isCollapsed) return;
    const run = event.target.closest(".fa-run");
    const found = run && pickOf(keyOf(run));
    if (found) choose(found);
  });
  const first = () => [...bar.querySelectorAll("form button"), part("close")]
    .find((one) => one.getClientRects().length && !one.disabled && one.getAttribute("aria-disabled") !== "true");

  text.addEventListener("keydown", (event) => {
    const pick = event.target.closest(".fa-pick");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!pick || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = picks[picks.indexOf(pick) + step];
    if (!next) return;
    event.preventDefault();
    stopAt(next);
    next.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !chosen || event.defaultPrevented) return;
    const { pick } = chosen;
    const isInside = bar.contains(document.activeElement);
    leave();
    if (isInside) pick.focus();
  });
  bar.addEventListener("click", (event) => {
    const close = event.target.closest("[data-bar=close]");
    if (close && chosen) {
      event.preventDefault();
      const { pick } = chosen;
      leave();
      pick.focus({ preventScroll: true });
      return;
    }
    const move = event.target.closest("[data-move]");
    if (move && chosen) {
      const { from, to } = chosen;
      const ends = { "start-1": [from - 1, to], "start+1": [from + 1, to], "end-1": [from, to - 1], "end+1": [from, to + 1] }[move.dataset.move];
      setEnds(...ends);
    }
    const back = event.target.closest("[data-bar=first]");
    if (back && chosen) {
      const [start, end] = spanOf(back.value);
      const from = chosen.words.findIndex((word) => word.end > start);
      const to = chosen.words.findLastIndex((word) => word.start < end);
      if (from >= 0 && to >= from) {
        setEnds(from, to);
        // Where the first reading began or ended inside a word, its own offsets count.
        field("start").value = start;
        field("end").value = end;
      }
    }
  });

  stopAt(picks[0]);
  if (!bar.hidden) {
    const said = [...bar.querySelectorAll(".fa-told")];
    const pick = pickOf(`${field("start").value}-${field("end").value}`);
    if (pick) {
      choose(pick);
      bar.prepend(...said);
      bar.focus({ preventScroll: true });
    }
  }
})();
