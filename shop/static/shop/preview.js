// The preview follows what is typed: it fetches the two lists anew, and keeps the address, so that a reload shows the same.
(() => {
    const form = document.getElementById("preview-form");
    const sides = document.getElementById("preview-sides");
    let timer = 0;
    let latest = 0;
    const show = async () => {
        const number = ++latest;
        const asked = new URLSearchParams(new FormData(form));
        history.replaceState(null, "", `?${asked}`);
        asked.set("part", "1");
        const response = await fetch(`?${asked}`, { credentials: "same-origin" }).catch(() => null);
        if (response && response.ok && number === latest) sides.innerHTML = await response.text();
    };
    form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(show, 250);
    });
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        clearTimeout(timer);
        show();
    });
})();
