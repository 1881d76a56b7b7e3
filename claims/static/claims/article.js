// While the machine reads, ask how far it is and show it; when it is done, show the result.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-state-url]");
    if (!box) return;
    const words = box.querySelector("[data-progress]");
    const was = box.dataset.state;
    const gatheringBefore = Number(box.dataset.gathering);
    const wasAsked = box.dataset.asked === "true";
    let wait = 1500;

    const say = (state) => {
        if (state.is_reading) return "Reading the article and looking for its claims …";
        if (state.is_asked) return "Reading the page again …";
        const ready = state.tickets - state.gathering;
        return `Looking for sources: ${ready} of ${state.tickets} tickets ready.`;
    };

    const ask = async () => {
        try {
            const answer = await fetch(box.dataset.stateUrl, { headers: { Accept: "application/json" } });
            if (!answer.ok) return;
            const state = await answer.json();
            words.textContent = say(state);
            const isNews = state.state !== was || (state.is_settled && gatheringBefore > 0)
                || (wasAsked && !state.is_asked);
            if (isNews) {
                // Nobody's half-made mark is thrown away; what is new is one reload from here.
                const bar = document.getElementById("at");
                if (!bar || bar.hidden) window.location.reload();
                else words.textContent = "There is news of this article: reload the page to see it.";
                return;
            }
            if (state.is_settled) return;
        } catch {
            // The server is away for a moment; ask again later.
        }
        wait = Math.min(wait * 1.15, 10000);
        window.setTimeout(ask, wait);
    };
    window.setTimeout(ask, wait);
});
