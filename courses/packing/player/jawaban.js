/* One answer as SCORM calls it, an interaction. Linimasa.interaction(question, answer, newer) gives type, response and correct patterns:
   choices by their letter in the bank's order, whatever order they stood in; blank answers have no response. */
(function () {
  "use strict";
  var LONGEST = 240; // signs; SCORM 2004 keeps 250, SCORM 1.2 255

  function letter(place) { return String.fromCharCode(97 + place); }
  function words(text) { return String(text).replace(/\[[.,:]\]/g, " ").replace(/^\{/, "(").slice(0, LONGEST); }
  function decimal(value) { return String(Math.round(value * 1e7) / 1e7); }

  function numeric(question, answer, newer) {
    var full = question.values.filter(function (one) { return one.points === undefined || one.points === 1; })[0] || question.values[0];
    var around = Math.max(full.tolerance || 0, Math.abs(full.value) * (full.percent || 0) / 100);
    var given = answer === null ? null : window.Linimasa.reading(question, answer);
    var range = newer ? decimal(full.value - around) + "[:]" + decimal(full.value + around) : decimal(full.value);
    if (answer !== null && given === null) return { type: "fill-in", response: words(answer), patterns: [decimal(full.value)] }; // no number
    return { type: "numeric", response: given === null ? "" : decimal(given), patterns: [range] };
  }

  function gaps(question, answer, newer) {
    var join = newer ? "[,]" : "; ", insensitive = newer ? "{case_matters=false}" : "";
    var of = function (gap, value) { return value === null || value === undefined ? "" : words(gap.ask === "choice" ? gap.choices[value] : value); };
    var right = question.gaps.map(function (gap) { return of(gap, gap.ask === "choice" ? gap.key : gap.ask === "text" ? gap.accepted[0] : gap.value); });
    var mine = answer === null ? [] : question.gaps.map(function (gap, place) { return of(gap, answer[place]); });
    return { type: "fill-in", response: mine.join(join).slice(0, LONGEST), patterns: [(insensitive + right.join(join)).slice(0, LONGEST)] };
  }

  window.Linimasa.interaction = function (question, answer, newer) {
    var comma = newer ? "[,]" : ",", dot = newer ? "[.]" : ".";
    var letters = function (places) { return places.map(letter).join(comma); };
    var pairs = function (places) {
      return places.map(function (one, row) { return one === null ? "" : row + 1 + dot + letter(one); }).filter(Boolean).join(comma);
    };
    if (question.play === "choices" && question.fixed) {
      var truth = function (places) { return newer ? String(places[0] === 0) : places[0] === 0 ? "t" : "f"; };
      return { type: "true-false", response: answer ? truth(answer) : "", patterns: [truth(question.key)] };
    }
    if (question.play === "choices") return { type: "choice", response: letters(answer || []), patterns: [letters(question.key)] };
    if (question.play === "matching") {
      return { type: "matching", response: pairs(answer || []), patterns: [pairs(question.pairs.map(function (pair, row) { return row; }))] };
    }
    if (question.play === "ordering") {
      return { type: "sequencing", response: letters(answer || []), patterns: [letters(question.order.map(function (step, row) { return row; }))] };
    }
    if (question.play === "numeric") return numeric(question, answer, newer);
    if (question.play === "gaps") return gaps(question, answer, newer);
    var accepted = question.accepted.map(function (one) { return (newer ? "{case_matters=false}" : "") + words(one); });
    return { type: "fill-in", response: answer === null ? "" : words(answer), patterns: accepted };
  };
}());
