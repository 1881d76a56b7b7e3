// While an archive is asked for a page's copy, look again and show what came.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    let wait = 1500;
    const look = async () => {
        const box = document.getElementById("asked");
        try {
            const answer = await fetch(window.location.href, { credentials: "same-origin" });
            if (!answer.ok || answer.redirected) return;
            const told = new DOMParser().parseFromString(await answer.text(), "text/html");
            const fresh = told.getElementById("asked");
            if (!fresh) return;
            if (!box.contains(document.activeElement)) box.replaceWith(fresh);
            if (fresh.dataset.waits !== "true" && fresh.isConnected) return;
        } catch {
            // The server is away for a moment; ask again later.
        }
        wait = Math.min(wait * 1.2, 10000);
        window.setTimeout(look, wait);
    };
    window.setTimeout(look, wait);
});
