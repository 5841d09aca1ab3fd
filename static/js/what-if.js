// Thresholds of the two scores: slider, number, share and histogram say the same, and the counts follow. The form itself is
// sent by htmx, a little after the last change, and an answer that is overtaken is dropped there.
const form = document.querySelector("#what-if");

function partsOf(score) {
  const control = form.querySelector(`[data-score="${score}"]`);
  const find = (name) => control.querySelector(`[data-${name}]`);
  return { control, slider: find("slide"), least: find("least"), keep: find("keep"), svg: control.querySelector("svg") };
}

function drawCut(parts, value) {
  const { slider, svg } = parts;
  const [inset, width] = [Number(svg.dataset.inset), Number(svg.dataset.width)];
  const share = (value - slider.min) / (slider.max - slider.min);
  const x = inset + Math.min(Math.max(share, 0), 1) * (width - 2 * inset);
  svg.querySelector("[data-below]").setAttribute("width", x);
  for (const end of ["x1", "x2"]) svg.querySelector("[data-cut]").setAttribute(end, x);
}

// What is sent has a name: the number or the share, whichever was touched last.
function send(parts, by) {
  const score = parts.control.dataset.score;
  for (const [field, name] of [[parts.least, score], [parts.keep, `${score}_keep`]]) {
    if (field === by) field.name = name;
    else field.removeAttribute("name");
  }
  form.elements.strip.value = score;
}

function shortened(value) {
  return String(Number(value.toFixed(5)));
}

function moved(event) {
  const control = event.target.closest("[data-score]");
  if (!control) return;
  const parts = partsOf(control.dataset.score);
  if (event.target === parts.keep) {
    send(parts, parts.keep);
    return;
  }
  if (event.target === parts.slider) parts.least.value = shortened(parts.slider.valueAsNumber);
  else parts.slider.value = parts.least.value;
  drawCut(parts, parts.least.valueAsNumber);
  send(parts, parts.least);
}

// An arrow is a two-hundredth of the range, with Shift a twentieth: "any" step would leave the size to the browser.
function pressed(event) {
  const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  if (!step || !event.target.matches("[data-slide]")) return;
  const slider = event.target;
  slider.value = slider.valueAsNumber + (step * (slider.max - slider.min)) / (event.shiftKey ? 20 : 200);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  event.preventDefault();
}

function slideTo(event) {
  const svg = event.target.closest(".histogram");
  if (!svg || (event.type === "pointermove" && !svg.hasPointerCapture(event.pointerId))) return;
  if (event.type === "pointerdown") {
    if (event.button !== 0) return;
    svg.setPointerCapture(event.pointerId);
  }
  const { slider } = partsOf(svg.closest("[data-score]").dataset.score);
  const box = svg.getBoundingClientRect();
  const inset = (Number(svg.dataset.inset) / Number(svg.dataset.width)) * box.width;
  const share = (event.clientX - box.left - inset) / (box.width - 2 * inset);
  slider.value = Number(slider.min) + Math.min(Math.max(share, 0), 1) * (slider.max - slider.min);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}

// The answer knows both the value and the share: whichever was not typed follows.
function follow(event) {
  if (event.target.id !== "what-if-answer") return;
  for (const control of form.querySelectorAll("[data-score]")) {
    const score = control.dataset.score;
    const parts = partsOf(score);
    const [least, keep] = [event.target.dataset[`${score}Least`], event.target.dataset[`${score}Keep`]];
    if (parts.keep.name) {
      parts.least.value = least;
      parts.slider.value = least;
      drawCut(parts, Number(least));
    } else {
      parts.keep.value = keep;
    }
  }
}

if (form) {
  form.addEventListener("input", moved, true);
  form.addEventListener("keydown", pressed);
  form.addEventListener("pointerdown", slideTo);
  form.addEventListener("pointermove", slideTo);
  document.addEventListener("htmx:afterSwap", follow);
}
