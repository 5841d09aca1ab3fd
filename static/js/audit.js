// One sample of an audit after another: keys press the buttons of the page, and the next picture is fetched ahead.
const KEYS = { k: "k", r: "r", s: "s", u: "u", " ": "s" };

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  // The space bar presses what has the focus; only where nothing has, it skips.
  if (event.key === " " && event.target.closest("a, button, summary, [tabindex='0']")) return;
  const button = document.querySelector(`#audit [data-key="${KEYS[event.key]}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

function lookAhead() {
  const address = document.querySelector("#audit")?.dataset.nextPicture;
  if (address) new Image().src = address;
}

document.addEventListener("keydown", press);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "audit") return;
  document.querySelector("#said").textContent = event.target.dataset.said;
  lookAhead();
});
lookAhead();
