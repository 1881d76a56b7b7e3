/* What tests/e2e/axe.py asks of a page. Evaluated once in the page; nothing here changes it. */
window.pageFaults = {
  /* What axe finds; `only` names rules, empty for all. */
  axe: async (only) => {
    const found = await axe.run(document, {
      resultTypes: ["violations"], rules: { "target-size": { enabled: true } },
      ...(only.length ? { runOnly: only } : {}),
    });
    return found.violations.map((one) => [
      one.impact, one.id, one.nodes.length, String(one.nodes[0].target), one.nodes[0].html.slice(0, 160),
    ]);
  },
  /* One first heading, none skipped, one main landmark, header cells with their scope, no icon read out. */
  structure: () => {
    const faults = [];
    const seen = (one) => one.getClientRects().length > 0;
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen);
    const first = headings.filter((one) => one.tagName === "H1");
    if (first.length !== 1) faults.push(`${first.length} first headings`);
    let level = 0;
    for (const one of headings) {
      const now = Number(one.tagName[1]);
      if (now > level + 1) faults.push(`h${now} after h${level}: ${one.textContent.trim().slice(0, 60)}`);
      level = now;
    }
    if (document.querySelectorAll("main").length !== 1) faults.push("not one main landmark");
    for (const table of document.querySelectorAll("table")) {
      if (seen(table) && !table.querySelector("th")) faults.push("a table without header cells");
      for (const head of table.querySelectorAll("thead th")) {
        if (!head.hasAttribute("scope")) faults.push(`a header cell without scope: ${head.textContent.trim()}`);
      }
    }
    for (const icon of document.querySelectorAll(".material-symbols-outlined")) {
      if (!icon.closest("[aria-hidden=true]") && seen(icon)) faults.push(`an icon's word is read out: ${icon.textContent.trim()}`);
    }
    return faults;
  },
  /* Whether the page scrolls sideways, and what makes it. */
  overflow: () => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const out = [...document.querySelectorAll("main *")].find((one) => one.getBoundingClientRect().right > wide + 1);
    return [`scrolls sideways at ${wide} px: ${out ? out.outerHTML.slice(0, 120) : "?"}`];
  },
  /* Every control shows its focus: an outline of at least 1.5 px, three to one against what is
     behind it, on itself or on the box that holds it. */
  unseenFocus: () => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgb = (colour) => {
      canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
      .map((one) => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
      .reduce((sum, one, at) => sum + one * [.2126, .7152, .0722][at], 0);
    const ratio = (a, b) => { const [low, high] = [light(a), light(b)].sort((x, y) => x - y); return (high + .05) / (low + .05); };
    const behind = (one) => {
      for (let at = one; at; at = at.parentElement) {
        const colour = rgb(getComputedStyle(at).backgroundColor);
        if (colour[3] > 250) return colour;
      }
      return [255, 255, 255, 255];
    };
    const rings = (one) => {
      for (let at = one, step = 0; at && step < 3; at = at.parentElement, step++) {
        const style = getComputedStyle(at);
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1.5) continue;
        if (at !== one && !at.matches(":focus-within")) continue;
        const ground = behind(parseFloat(style.outlineOffset) < 0 ? at : at.parentElement || at);
        if (ratio(rgb(style.outlineColor), ground) >= 3) return true;
      }
      return false;
    };
    const faults = [], known = new Set();
    const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
    for (const one of all) {
      if (one.disabled || one.closest("[inert]") || !one.getClientRects().length || getComputedStyle(one).visibility === "hidden") continue;
      // The second of two that look alike and stand in boxes that look alike adds nothing.
      const kind = [one, one.parentElement, one.parentElement.parentElement].map((at) => at ? at.tagName + at.className : "").join(" ");
      if (known.has(kind)) continue;
      known.add(kind);
      one.focus();
      if (document.activeElement === one && !rings(one)) faults.push(`no ring: ${one.outerHTML.slice(0, 140)}`);
    }
    return [...new Set(faults)];
  },
};
