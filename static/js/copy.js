// Buttons that copy: the text itself (data-copy) or what an address of this site answers (data-copy-from).
async function textOf(button) {
  if (button.dataset.copyFrom) {
    const answer = await fetch(button.dataset.copyFrom);
    if (!answer.ok) throw new Error(String(answer.status));
    return JSON.stringify(await answer.json(), null, 2);
  }
  return button.dataset.copyUrl ? new URL(button.dataset.copyUrl, location.href).href : button.dataset.copy;
}

function say(button, words) {
  const label = button.querySelector("[data-label]");
  const before = (label.dataset.label ||= label.textContent);
  label.textContent = words;
  document.querySelector("#said").textContent = words;
  setTimeout(() => (label.textContent = before), 1600);
}

export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-url], [data-copy-from]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(await textOf(button));
      say(button, "Copied");
    } catch {
      say(button, "Could not copy");
    }
  });
}
