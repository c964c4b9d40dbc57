// The chip says when the device has no signal. What it said before comes back with the signal.
// Other behaviours (saving answers) may set it too: document.dispatchEvent(new CustomEvent("linimasa:sync", { detail: { text, wait } })).
(() => {
  "use strict";
  const chips = document.querySelectorAll("[data-sync]");
  const before = new Map([...chips].map((chip) => [chip, [...chip.childNodes]]));
  const put = (text, wait) => {
    for (const chip of chips) {
      chip.classList.toggle("sync--wait", Boolean(wait));
      chip.textContent = text;
    }
  };
  const back = () => {
    for (const chip of chips) { chip.classList.remove("sync--wait"); chip.replaceChildren(...before.get(chip)); }
  };
  document.addEventListener("linimasa:sync", (event) => (event.detail.text ? put(event.detail.text, event.detail.wait) : back()));
  addEventListener("offline", () => put("Tanpa sinyal", true));
  addEventListener("online", back);
  if (navigator.onLine === false) put("Tanpa sinyal", true);
})();
