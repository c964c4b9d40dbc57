// The time left, counted from what the server said when the page was made: the device's own clock does not matter.
// <span data-clock data-left data-whole> (milliseconds); said at half, at five minutes and at one, once each, and shown beside the
// clock for a while. Hidden stays hidden, and what is said is then only said.
(() => {
  "use strict";
  const HIDDEN = "linimasa:clock-hidden";
  let end = 0, whole = 0, said = new Set();
  const words = (left) => (left > 60000 ? `${Math.ceil(left / 60000)} menit` : `${Math.max(Math.ceil(left / 1000), 0)} detik`);
  let quiet = 0;
  const put = (text) => { for (const one of document.querySelectorAll("[data-clock-says]")) if (one.textContent !== text) one.textContent = text; };
  const fade = () => { clearTimeout(quiet); quiet = setTimeout(put, 20000, ""); };
  const say = (name, text) => {
    if (said.has(name)) return;
    said.add(name);
    put(text);
    if (name === "over") return;
    fade();
    if (name !== "half") document.dispatchEvent(new CustomEvent("linimasa:warned", { detail: name === "five" ? 5 : 1 }));
  };
  const over = () => fetch(location.href, { method: "HEAD", redirect: "manual" }).then(() => location.reload(), () => setTimeout(over, 5000)); // never into the browser's own page of an error
  const tick = () => {
    const clocks = document.querySelectorAll("[data-clock]");
    if (!clocks.length) return;
    const left = end - Date.now();
    for (const one of clocks) { const b = one.querySelector("b"), text = words(left); if (b && b.textContent !== text) b.textContent = text; }
    if (left <= 0) {
      say("over", "Waktu habis. Jawaban yang tersimpan terkirim.");
      clearInterval(beat);
      setTimeout(over, 1500);
    } else if (left <= 60000) say("one", `Tinggal 1 menit.${outbox.waiting().length ? "" : " Jawaban terakhir Anda sudah tersimpan."}`);
    else if (left <= 300000) say("five", "Tinggal 5 menit.");
    else if (left <= whole / 2) say("half", `Setengah waktu sudah lewat. Sisa ${words(left)}.`);
  };
  const wind = () => {
    const one = document.querySelector("[data-clock]");
    if (!one) return;
    end = Date.now() + Number(one.dataset.left);
    if (whole) put(""); // said by this page already, or not yet due
    else { // what has passed before this page opened is not said again
      whole = Number(one.dataset.whole);
      const left = Number(one.dataset.left);
      for (const [name, limit] of [["half", whole / 2], ["five", 300000], ["one", 60000]]) if (left <= limit - 2000) said.add(name);
      fade();
    }
    const box = one.closest("details");
    try { if (sessionStorage.getItem(HIDDEN)) box.open = false; } catch { /* stays open */ }
    tick();
  };
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("details.clock")) return;
    try { if (event.target.open) sessionStorage.removeItem(HIDDEN); else sessionStorage.setItem(HIDDEN, "1"); } catch { /* not remembered */ }
  }, true);
  document.addEventListener("linimasa:question", wind);
  const beat = setInterval(tick, 1000);
  wind();
})();
