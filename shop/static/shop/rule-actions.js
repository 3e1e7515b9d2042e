// A rule's actions: a new one is open, and each shows only the fields that its kind needs.
(() => {
    const NEEDED = {
        pin: ["product", "position"],
        hide: ["product"],
        boost: ["product", "brand", "category", "strength"],
        bury: ["product", "brand", "category", "strength"],
    };
    const fit = (select) => {
        const prefix = select.name.slice(0, -"kind".length);
        for (const name of ["product", "position", "brand", "category", "strength"]) {
            const line = document.getElementById(`id_${prefix}${name}`)?.closest(".field-line");
            if (line) line.style.display = NEEDED[select.value]?.includes(name) ? "" : "none";
        }
    };
    const kinds = (within) => within.querySelectorAll("select[name^='actions-'][name$='-kind']");
    document.addEventListener("change", (event) => event.target.matches("select[name$='-kind']") && fit(event.target));
    document.addEventListener("formset:added", (event) => {
        kinds(event.target).forEach(fit);
        // The row is closed, and not listening yet: Alpine gets to it after this event.
        setTimeout(() => event.target.querySelector("h3 strong")?.click(), 50);
    });
    document.addEventListener("DOMContentLoaded", () => kinds(document).forEach(fit));
})();
