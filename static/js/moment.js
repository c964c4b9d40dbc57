// Where the device stands in another zone than the page, a moment also tells the device's own time on hover and focus.
// The page's text never changes: it is the person's chosen zone, and it is named.
(() => {
  "use strict";
  const write = new Intl.DateTimeFormat("id-ID", { dateStyle: "medium", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-local][datetime]")) {
    const at = new Date(time.dateTime);
    const offset = /([+-])(\d\d):(\d\d)$/.exec(time.dateTime);
    if (Number.isNaN(at.valueOf()) || !offset) continue;
    const minutes = (offset[1] === "+" ? 1 : -1) * (Number(offset[2]) * 60 + Number(offset[3]));
    if (-at.getTimezoneOffset() !== minutes) time.title = `Di perangkat ini: ${write.format(at)}`;
  }
})();
