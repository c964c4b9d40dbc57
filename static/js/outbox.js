// The device's outbox: what was given and is not yet on the server waits here, one entry a key of the store, so that no tab ever rewrites
// another's. It is sent again under the same key and sequence as soon as its person opens any page, when the signal is back, and in between.
// Each entry says whose it is, which answer its page had seen (base) and for which pages it goes on (from): the server never lets a page
// that is out of date overwrite. <html data-owner>. What is said of it (lost, told, done) is the page's: waiting.js, or autosave.js where one answers.
(() => {
  "use strict";
  const NAME = "linimasa:outbox", WEEK = 7 * 24 * 3600 * 1000, owner = document.documentElement.dataset.owner ?? "", memory = new Map(), gone = new Set();
  const store = (act) => { try { return act(localStorage); } catch { return null; } }; // a full or closed store: this page remembers
  const read = (name, none) => store((one) => JSON.parse(one.getItem(name))) ?? none;
  const write = (name, value) => store((one) => { one.setItem(name, JSON.stringify(value)); return true; });
  const drop = ({ key }) => { memory.delete(key); store((one) => one.removeItem(`${NAME}:${key}`)); };
  const keep = (entry) => { memory.delete(entry.key); if (!write(`${NAME}:${entry.key}`, entry)) memory.set(entry.key, entry); };
  const waiting = () => {
    const names = store((one) => Object.keys(one).filter((name) => name.startsWith(`${NAME}:`))) ?? [], found = [...memory.values()];
    for (const entry of names.map((name) => read(name))) {
      if (entry && Date.now() - entry.at >= WEEK) drop(entry); else if (entry) found.push(entry);
    }
    return found.filter((one) => owner && one.owner === owner && !gone.has(one.key)).sort((one, other) => one.at - other.at || one.sequence - other.sequence);
  };
  const refuse = (entry) => { gone.add(entry.key); setTimeout(drop, 1000, entry); }; // a page that is just being left showed it to nobody: the next one asks again
  for (const entry of read(NAME, [])) keep(entry); // as it was kept before
  store((one) => one.removeItem(NAME));

  const outbox = globalThis.outbox = { owner, read, write, keep, drop, refuse, waiting };
  outbox.told = (entry, { saved, sentence, html }) => { // what this device had given where it does not count, for copying
    if (saved) return "";
    const kept = html && new DOMParser().parseFromString(html, "text/html").querySelector("[data-kept]"), main = document.querySelector("main");
    const banner = document.adoptNode(kept || document.createElement("p"));
    if (kept) document.getElementById(kept.querySelector("textarea").id)?.closest("[data-kept]").remove(); else { banner.className = "banner"; banner.textContent = sentence; }
    (main.querySelector(".wrap") ?? main).prepend(banner);
    return sentence;
  };

  // -- sending ----------------------------------------------------------------------------------
  const token = () => /(?:__Host-csrf|csrftoken)=(\w+)/.exec(document.cookie)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  outbox.body = (entry) => {
    const sent = new URLSearchParams(entry.fields);
    sent.set("kunci", entry.key);
    sent.set("urutan", entry.sequence);
    sent.set("saat", new Date(entry.at).toISOString());
    sent.set("dasar", entry.base);
    sent.set("asal", entry.from.join());
    return sent;
  };
  outbox.post = (url, body, headers) => {
    body.set("csrfmiddlewaretoken", token());
    return fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout?.(body instanceof FormData ? 60000 : 12000), keepalive: !(body instanceof FormData) && `${body}`.length < 5e4, redirect: "manual" });
  };
  let later = 0, pause = 2000;
  outbox.lose = (is, sentence) => {
    outbox.lost(is, sentence);
    clearTimeout(later);
    later = setTimeout(outbox.flush, pause);
    pause = Math.min(pause * 2, 30000);
  };
  outbox.flush = async () => {
    if (outbox.busy) return;
    outbox.busy = true;
    clearTimeout(later);
    let refused = "", sent = 0;
    try {
      const strange = new Set();
      for (let entry; (entry = waiting().find((one) => !strange.has(one.key)));) {
        outbox.saving?.();
        sent += 1;
        let answer;
        try { answer = await outbox.post(entry.url, outbox.body(entry), { Accept: "application/json" }); } catch { outbox.lose("wait"); return; }
        if (answer.status >= 500 || answer.status === 429) { outbox.lose("wait"); return; }
        if (answer.type === "opaqueredirect" || answer.status === 403) { outbox.lose("refused", "Muat ulang halaman untuk masuk lagi. Jawaban ini menunggu di perangkat."); return; }
        const told = await answer.json().catch(() => ({}));
        if (answer.status === 404 || answer.status === 422 && entry.draft) { // it waits for its own person, or to be mended
          strange.add(entry.key);
          refused = told.sentence || "Ini tidak ditemukan.";
          continue;
        }
        (told.saved ? drop : refuse)(entry);
        refused = await outbox.told(entry, told) || refused;
      }
      pause = 2000;
      outbox.done(sent, refused);
    } finally { outbox.busy = false; }
  };
  addEventListener("online", () => { pause = 2000; if (waiting().length) outbox.flush(); });
  addEventListener("offline", () => { if (waiting().length) outbox.lost("wait"); });
  document.addEventListener("DOMContentLoaded", () => { if (waiting().length) outbox.flush(); }); // once the page's other files have spoken
})();
