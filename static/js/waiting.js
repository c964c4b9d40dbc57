// On every page but those where one answers: one line in the bar says what still waits on this device, and when it has gone (outbox.js).
(() => {
  "use strict";
  const { outbox } = globalThis;
  const say = (text, wait) => document.dispatchEvent(new CustomEvent("linimasa:sync", { detail: { text, wait } }));
  outbox.lost = (is) => say(`${outbox.waiting().length} jawaban menunggu ${is === "wait" ? "sinyal" : "Anda masuk lagi"}`, true);
  outbox.done = (sent, refused) => say(sent && !refused ? `${sent} jawaban terkirim` : "");
})();
