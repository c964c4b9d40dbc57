// A form of the studio that the network swallows loses nothing. Its save is sent from the page: with no answer the text stays where it is and
// on this device (by person and page), the chip says so, and it is sent again when there is a signal. Whoever comes back later finds it in the
// form again, to be looked at and saved by hand, because somebody else may have changed the same. What is refused is shown by the server as
// always. <form data-draft="kept">; the store and the sending are the outbox's.
(() => {
  "use strict";
  const { outbox } = globalThis, WEEK = 7 * 24 * 3600 * 1000, PREFIX = `linimasa:formulir:${outbox.owner}:`;
  const form = document.querySelector('form[data-draft="kept"]'), main = document.querySelector("main"), key = PREFIX + location.pathname;
  const say = (text, wait = true) => document.dispatchEvent(new CustomEvent("linimasa:sync", { detail: { text, wait } }));
  const drop = (name) => { try { localStorage.removeItem(name); } catch { /* nothing was kept */ } };
  const fieldsOf = (data) => [...data].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const banner = (words, link, act) => {
    const box = document.createElement("div"), text = document.createElement("p");
    box.className = "banner banner--info"; box.setAttribute("role", "status");
    text.append(`${words} `, link ?? ""); box.append(text); main.prepend(box);
    if (act) link.addEventListener("click", act);
    return box;
  };

  // -- what an earlier page could not send ------------------------------------------------------
  let names = [];
  try { names = Object.keys(localStorage).filter((name) => outbox.owner && name.startsWith(PREFIX)); } catch { /* no store */ }
  const fill = (kept) => {
    const values = new Map(), left = [];
    for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const one of form.elements) {
      if (!one.name || one.name === "csrfmiddlewaretoken" || one.type === "file" || one.type === "submit") continue;
      const wanted = values.get(one.name);
      if (one.type === "checkbox" || one.type === "radio") one.checked = Boolean(wanted?.includes(one.value));
      else if (one.multiple) for (const option of one.options) option.selected = Boolean(wanted?.includes(option.value));
      else if (wanted?.length) one.value = wanted.shift();
    }
    for (const [name, wanted] of values) if (!form.elements[name]) left.push(...wanted.filter((value) => value.trim().length > 3));
    const away = document.createElement("button"), box = banner("Tulisan yang belum terkirim dari perangkat ini sudah dikembalikan ke formulir. Periksa, lalu simpan.", away);
    away.type = "button"; away.className = "button button--text"; away.textContent = "Buang tulisan itu";
    away.addEventListener("click", () => { drop(key); form.removeAttribute("data-draft"); location.reload(); });
    if (left.length) { // rows that this page does not have: for copying
      const text = document.createElement("textarea");
      text.className = "input"; text.readOnly = true; text.rows = 4; text.value = left.join("\n\n"); text.setAttribute("aria-label", "Isian yang tidak ada lagi pada formulir ini");
      box.append(text);
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    say("Belum tersimpan");
  };
  for (const name of names) {
    const kept = outbox.read(name);
    if (!kept || Date.now() - kept.at > WEEK) { drop(name); continue; }
    if (name === key && form && !form.querySelector("fieldset:disabled")) {
      if (kept.shown && document.title.startsWith("Galat")) drop(name); else fill(kept); // refused: the server shows the same text
    } else if (name !== key) {
      const link = document.createElement("a");
      link.className = "link"; link.href = name.slice(PREFIX.length); link.textContent = "Buka dan kirim";
      banner(`Tulisan Anda di «${kept.title}» belum terkirim dari perangkat ini.`, link);
    }
  }
  if (!form) return;

  // -- sending ----------------------------------------------------------------------------------
  let busy = false, timer = 0, pause = 2000, pressed = null, told = null;
  const packed = () => {
    const data = new FormData(form);
    if (pressed?.name) data.set(pressed.name, pressed.value);
    return data;
  };
  const keep = (data, more = {}) => outbox.write(key, { at: Date.now(), title: document.querySelector("h1").textContent.trim().replace(/\s+/g, " "), fields: fieldsOf(data), ...more });
  const lose = (data, why, again = true) => {
    const safe = keep(data);
    form.dispatchEvent(new Event("input", { bubbles: true })); // leaving asks first
    const words = safe ? `Belum tersimpan; disimpan di perangkat ini. ${why}` : `Belum tersimpan. Jangan tutup halaman ini. ${why}`;
    say(words);
    if (!told) { told = banner(words); told.scrollIntoView({ block: "center" }); } // on a phone the bar is far above
    told.querySelector("p").textContent = words;
    clearTimeout(timer);
    if (again) timer = setTimeout(send, pause);
    pause = Math.min(pause * 2, 30000);
  };
  const natively = (data) => { // refused, or something else to show: the server's own page
    keep(data, { shown: true });
    if (pressed?.name) { const one = document.createElement("input"); one.type = "hidden"; one.name = pressed.name; one.value = pressed.value; form.append(one); }
    document.dispatchEvent(new Event("linimasa:sent")); // nothing is asked on leaving
    HTMLFormElement.prototype.submit.call(form);
  };
  const send = async () => {
    clearTimeout(timer);
    if (busy) return;
    busy = true;
    const data = packed(), sent = JSON.stringify(fieldsOf(data)), files = [...data.values()].some((one) => one instanceof File && one.size);
    say("Menyimpan");
    try {
      const answer = await outbox.post(form.getAttribute("action") || location.href.split("#")[0], files ? data : new URLSearchParams(fieldsOf(data)), { "X-Requested-With": "simpan" });
      if (answer.type === "opaqueredirect") lose(data, "Masuk lagi di tab lain, lalu simpan.", false);
      else if (answer.status === 403 || answer.status === 429 || answer.status >= 500) lose(data, "Dikirim lagi sebentar lagi.");
      else if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
        const { to } = await answer.json();
        drop(key);
        told?.remove(); told = null;
        pause = 2000;
        if (JSON.stringify(fieldsOf(packed())) !== sent) { say("Tersimpan. Yang Anda tulis sesudahnya belum: simpan lagi."); return; }
        document.dispatchEvent(new Event("linimasa:sent"));
        const [page, part] = to.split("#");
        location.assign(part && page !== location.pathname + location.search ? to : page);
      } else natively(data);
    } catch { lose(data, "Dikirim lagi saat ada sinyal."); } finally { busy = false; }
  };
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.defaultPrevented || !outbox.owner) return;
    if (button?.hasAttribute("formaction") || (button?.name === "act" && button.value !== "simpan")) { // shows something, saves nothing
      if (navigator.onLine !== false) return;
      event.preventDefault();
      say(keep(packed()) ? "Tanpa sinyal; tulisan Anda disimpan di perangkat ini." : "Tanpa sinyal. Jangan tutup halaman ini.");
      return;
    }
    event.preventDefault();
    pressed = button;
    pause = 2000;
    send();
  });
  addEventListener("online", () => { if (timer) { pause = 2000; send(); } });
})();
