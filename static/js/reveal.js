// Show and hide a password. The button exists only where it works.
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-reveal]")) {
    const input = box.querySelector("input");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    const say = () => {
      const hidden = input.type === "password";
      button.textContent = hidden ? "Tampilkan" : "Sembunyikan";
      button.setAttribute("aria-label", `${button.textContent} kata sandi`);
    };
    button.addEventListener("click", () => { input.type = input.type === "password" ? "text" : "password"; say(); });
    box.closest("form")?.addEventListener("submit", () => { input.type = "password"; });
    say();
    box.append(button);
  }
})();
