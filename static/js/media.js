// How a picture is cut: drag or arrow keys write the form's numbers, and the numbers move the drawing. <form data-cut>.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-cut]")) {
    const stage = form.querySelector(".cut");
    const [box, focus] = [stage.querySelector("[data-cut-box]"), stage.querySelector("[data-cut-focus]")];
    const field = (name) => form.elements.namedItem(name);
    const read = (name) => Math.min(100, Math.max(0, Number.parseFloat(field(name).value.replace(",", ".")) || 0));
    const write = (name, value) => { field(name).value = String(Math.round(value * 100) / 100).replace(".", ","); };
    const draw = () => {
      box.style.left = `${read("x")}%`; box.style.top = `${read("y")}%`;
      box.style.width = `${read("width")}%`; box.style.height = `${read("height")}%`;
      focus.style.left = `${read("focus_x")}%`; focus.style.top = `${read("focus_y")}%`;
    };
    const keep = (value, most) => Math.min(most, Math.max(0, value));
    const moves = {
      box: (right, down, from) => { write("x", keep(from.x + right, 100 - from.width)); write("y", keep(from.y + down, 100 - from.height)); },
      corner: (right, down, from) => {
        write("width", Math.max(2, keep(from.width + right, 100 - from.x))); write("height", Math.max(2, keep(from.height + down, 100 - from.y)));
      },
      focus: (right, down, from) => { write("focus_x", keep(from.focus_x + right, 100)); write("focus_y", keep(from.focus_y + down, 100)); },
    };
    const now = () => Object.fromEntries(["x", "y", "width", "height", "focus_x", "focus_y"].map((name) => [name, read(name)]));
    const part = (target) => target.closest("[data-cut-focus]") ? "focus" : target.closest("[data-cut-corner]") ? "corner" : target.closest("[data-cut-box]") ? "box" : "";
    stage.addEventListener("pointerdown", (event) => {
      const what = part(event.target);
      if (!what || event.button) return;
      event.preventDefault();
      (what === "focus" ? focus : box).focus();
      const [from, size] = [now(), stage.getBoundingClientRect()];
      stage.setPointerCapture(event.pointerId);
      const follow = (to) => {
        moves[what]((to.clientX - event.clientX) / size.width * 100, (to.clientY - event.clientY) / size.height * 100, from);
        draw();
      };
      stage.addEventListener("pointermove", follow);
      for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => stage.removeEventListener("pointermove", follow), { once: true });
    });
    stage.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      const what = part(event.target);
      if (!step || !what) return;
      event.preventDefault();
      moves[what === "box" && event.shiftKey ? "corner" : what](...step, now());
      draw();
    });
    form.addEventListener("input", draw);
    for (const one of form.querySelectorAll("[data-cut-stage]")) one.hidden = false;
    draw();
  }
})();
