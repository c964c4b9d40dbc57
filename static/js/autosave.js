// Answers and drafts are saved as they are given. What is not yet on the server waits in the outbox (outbox.js); the chip says only what is
// true. <form data-quiz data-attempt data-number data-total>, with data-draft for practical work, which is sent by its own button;
// <template data-chip="saved|saving|wait|refused"> draw the chip.
(() => {
  "use strict";
  const { outbox } = globalThis, { read, write, keep, drop, refuse, waiting, body, post, flush, owner } = outbox;
  const NEWS = "linimasa:news", OWN = ["csrfmiddlewaretoken", "kunci", "urutan", "dasar", "asal"];
  const form = () => document.querySelector("form[data-quiz]");
  const here = () => (form() ?? document.querySelector("[data-attempt]"))?.dataset.attempt;
  const place = (entry) => `${entry.attempt}/${entry.number}`;
  const formOf = ({ attempt, number }) => document.querySelector(`form[data-quiz][data-attempt="${attempt}"][data-number="${number}"]`);
  const PAGE = [...crypto.getRandomValues(new Uint8Array(8))].map((one) => (one % 36).toString(36)).join("");
  const all = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // -- the chip ---------------------------------------------------------------------------------
  const chip = (state, sentence = "") => {
    const drawn = document.querySelector(`template[data-chip="${state}"]`);
    all("[data-sync]", (one) => {
      one.classList.toggle("sync--wait", state === "wait" || state === "refused");
      if (drawn) one.replaceChildren(drawn.content.cloneNode(true));
    });
    all("[data-refused]", (one) => { one.hidden = !sentence; one.lastElementChild.textContent = sentence; });
  };
  const noSignal = (is) => all("[data-no-signal]", (one) => { one.hidden = !is; });
  const mark = (number, name, is) => document.querySelectorAll("[data-dots] a")[number - 1]?.classList.toggle(name, is);

  // -- what was given ---------------------------------------------------------------------------
  const fieldsOf = (one) => [...new FormData(one)].filter(([name, value]) => typeof value === "string" && !OWN.includes(name));
  const isBlank = (fields) => !fields.some(([name, value]) => name !== "tandai" && value.trim());
  const roots = new Map(), newest = new Map(); // by place: what this page has seen and goes on for; its own highest sequence
  const rootOf = (one) => roots.get(place(one.dataset)) ?? { base: Number(one.elements.dasar.value), from: [PAGE] };
  let count = 0;
  const put = (one) => {
    const { attempt, number, draft } = one.dataset, root = rootOf(one), sequence = Number(one.elements.urutan.value) || 1;
    const entry = { ...root, owner, key: `${PAGE}-${++count}`, sequence, attempt, number, draft, url: one.getAttribute("action"), fields: fieldsOf(one), at: Date.now() };
    one.elements.urutan.value = sequence + 1;
    newest.set(place(entry), sequence);
    const older = waiting().filter((other) => place(other) === place(entry) && root.from.includes(other.from[0]));
    keep(entry);
    older.forEach(drop);
    mark(entry.number, "is-answered", !isBlank(entry.fields));
    mark(entry.number, "is-flagged", entry.fields.some(([name]) => name === "tandai"));
    return entry;
  };

  // -- news for the history: signal lost and back, warnings shown ------------------------------------
  let away = false;
  const news = (kind) => { if (Number(here())) write(NEWS, [...read(NEWS, []).slice(-18), { owner, attempt: here(), line: kind.replace(".", `.${Date.now()}.`) }]); };
  const lostNow = () => { if (!away) news("offline."); away = true; };
  const backNow = () => { if (away) news("online."); away = false; return tellNews(); };
  const tellNews = async () => {
    const known = read(NEWS, []), attempt = known.find((one) => one.owner === owner)?.attempt, isOurs = (one) => one.owner === owner && one.attempt === attempt;
    if (!attempt || !owner) return;
    const ours = known.filter(isOurs);
    write(NEWS, known.filter((one) => !isOurs(one)));
    try { await post(`/kuis/${attempt}/kabar/`, new URLSearchParams(ours.map((one) => ["kabar", one.line.replace(/\.$/, "")])), {}); } catch { write(NEWS, [...ours, ...read(NEWS, [])]); }
  };
  document.addEventListener("linimasa:warned", (event) => { news(`warned.${event.detail}`); if (!away) tellNews(); });

  // -- what became of it --------------------------------------------------------------------------
  let onward = "";
  const { told: elsewhere, lose } = outbox;
  outbox.saving = () => chip("saving");
  outbox.lost = (is, sentence) => {
    chip(is, sentence);
    noSignal(is === "wait");
    if (is === "wait") lostNow();
    for (const entry of waiting()) if (entry.attempt === here()) mark(entry.number, "is-wait", true);
  };
  outbox.told = async (entry, told) => {
    const one = formOf(entry), name = place(entry);
    if (entry.attempt === here()) mark(entry.number, "is-wait", false);
    if (told.saved) {
      if (newest.has(name)) roots.set(name, { base: told.sequence, from: [PAGE] });
    } else if (told.open && newest.get(name) > entry.sequence) return ""; // what was given since is told of by itself
    if (told.open === false && !entry.draft && entry.attempt === here()) { drop(entry); await backNow(); location.reload(); return new Promise(() => {}); }
    if (told.saved) return "";
    if (!(told.html && one && swap(told.html, one))) elsewhere(entry, told);
    return (!told.html && told.sentence) || " ";
  };
  outbox.done = (sent, refused) => {
    noSignal(false);
    if (refused) chip("refused", refused.trim()); else if (sent) chip("saved");
    document.dispatchEvent(new CustomEvent("linimasa:saved"));
    backNow();
    if (onward) location.assign(onward);
  };

  // -- while answering --------------------------------------------------------------------------
  let soon = 0, swapping = false;
  const changed = (wait) => (event) => {
    const one = event.target.closest?.("form[data-quiz]");
    if (!one || swapping || event.target.readOnly || event.target.type === "file") return;
    put(one);
    chip(away ? "wait" : "saving");
    clearTimeout(soon);
    soon = setTimeout(flush, wait);
  };
  document.addEventListener("change", changed(150));
  document.addEventListener("input", (event) => { if (event.target.matches?.("textarea, input:not([type=radio], [type=checkbox], [type=hidden])")) changed(700)(event); });

  // -- going on ---------------------------------------------------------------------------------
  const swap = (html, old = form()) => { // the newer answer, and above it what this page had given, for copying
    const drawn = new DOMParser().parseFromString(html, "text/html"), part = drawn.querySelector("[data-part]");
    const fresh = part ? outbox.own(part) : drawn.querySelector("form[data-quiz]");
    if (!fresh) return null;
    const elsewhere = document.activeElement.closest("form[data-quiz]") ?? old;
    clearTimeout(soon);
    swapping = true; // a field that goes tells of a change once more
    old.replaceWith(document.adoptNode(fresh));
    swapping = false;
    roots.delete(place(fresh.dataset));
    if (elsewhere === old) fresh.querySelector("[data-focus], [data-kept]")?.focus();
    restore(fresh);
    return fresh;
  };
  const show = (html, address) => {
    const fresh = swap(html);
    if (!fresh) return false;
    const { number, total } = fresh.dataset;
    if (address) {
      history.pushState({}, "", address);
      const text = `Soal ${number} dari ${total}`;
      document.title = document.title.replace(/^(Galat: )?Soal \d+ dari \d+/, text);
      all("[data-where]", (one) => { one.textContent = text; });
      all("[data-passed]", (one) => { one.value = number - 1; one.textContent = `${number - 1} dari ${total}`; });
      all("[data-dots] a", (one, index) => { if (index + 1 === Number(number)) one.setAttribute("aria-current", "step"); else one.removeAttribute("aria-current"); });
      scrollTo(0, 0);
      (fresh.querySelector("[data-focus]") ?? document.getElementById("isi")).focus({ preventScroll: true });
    }
    document.dispatchEvent(new CustomEvent("linimasa:question"));
    return true;
  };
  document.addEventListener("submit", async (event) => {
    const one = event.target.closest("form[data-quiz]");
    if (!one || event.defaultPrevented) return;
    clearTimeout(soon);
    if (one.dataset.draft) { // goes by itself; should it not arrive, or twice, it waits here under the same key
      const { key, sequence, base, from } = put(one);
      for (const [name, value] of [["kunci", key], ["urutan", sequence], ["dasar", base], ["asal", from.join()]]) one.elements[name].value = value;
      return;
    }
    event.preventDefault();
    const entry = put(one), sent = body(entry), next = Number(one.dataset.number) + 1, button = event.submitter;
    if (button?.name) sent.set(button.name, button.value);
    const wait = () => {
      onward = one.action.replace(/\d+\/$/, next > Number(one.dataset.total) ? "tinjau/" : `${next}/`);
      lose("wait");
    };
    chip("saving");
    button?.classList.add("is-busy");
    outbox.busy = true; // the answer goes with this request; what else waits goes after it
    let answer;
    try { answer = await post(entry.url, sent, { "X-Requested-With": "fragment", Accept: "text/html" }); } catch { wait(); return; } finally { outbox.busy = false; button?.classList.remove("is-busy"); }
    const address = answer.headers.get("X-Address"), html = answer.status === 204 ? "" : await answer.text();
    if (answer.status >= 500) { wait(); return; }
    if ([200, 204, 422].includes(answer.status)) drop(entry);
    if (answer.status === 204 && address) { location.assign(address); return; }
    if (answer.status === 200 && address && show(html, address)) { chip("saved"); flush(); return; }
    if (answer.status === 409) { refuse(entry); if (show(html, "")) { chip("refused"); return; } }
    if (answer.status === 422) { mark(entry.number, "is-answered", false); show(html, ""); document.title = document.title.replace(/^(Galat: )?/, "Galat: "); chip("refused"); return; }
    location.reload(); // signed out, or ended: the server says which, and the answer waits here
  });
  addEventListener("popstate", () => location.reload());

  // -- on opening a page ------------------------------------------------------------------------
  const restore = (one) => {
    const entry = waiting().filter((other) => place(other) === place(one.dataset)).at(-1);
    if (!entry) return;
    one.elements.urutan.value = Math.max(one.elements.urutan.value, entry.sequence + 1);
    roots.set(place(entry), { base: entry.base, from: [PAGE, ...entry.from].slice(0, 8) });
    const given = new Map();
    for (const [name, value] of entry.fields) given.set(name, [...(given.get(name) ?? []), value]);
    for (const field of one.elements) {
      const values = given.get(field.name) ?? [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.name && !OWN.includes(field.name) && !["hidden", "submit", "button"].includes(field.type)) field.value = values[0] ?? "";
    }
    const list = one.querySelector("[data-order]");
    for (const value of list ? given.get("urut") ?? [] : []) list.append(list.querySelector(`input[name=urut][value="${CSS.escape(value)}"]`)?.closest("li") ?? "");
  };
  all("form[data-quiz]", restore);
  if (form() && !document.referrer.includes("/mulai/")) news(`opened.${form().dataset.number}`); // after the start the first goes without saying
  if (waiting().some((entry) => entry.attempt === here())) {
    all("[data-waiting]", (one) => {
      one.hidden = false;
      document.addEventListener("linimasa:saved", () => { if (!document.querySelector("main [data-kept]")) location.reload(); }, { once: true });
    });
  }
  if (!waiting().length) tellNews();
  addEventListener("online", () => { if (!waiting().length) { noSignal(false); backNow(); if (form()) chip("saved"); } });
  addEventListener("offline", () => { chip("wait"); noSignal(true); lostNow(); });
})();
