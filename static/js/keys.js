// The keyboard: arrows move over the gallery, "/" goes to the search box, "m" asks for more like this, "a" for also like this, "?" lists keys.
function columns(cards) {
  const top = cards[0].offsetTop;
  const next = cards.findIndex((card) => card.offsetTop !== top);
  return next === -1 ? cards.length : next;
}

function move(key) {
  const links = [...document.querySelectorAll("[data-walk]")];
  if (!links.length) return false;
  const at = links.findIndex((link) => link.closest(".card, .row") === document.activeElement?.closest(".card, .row"));
  const across = columns(links.map((link) => link.closest(".card, .row")));
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[key];
  const to = at === -1 ? 0 : at + step;
  if (to < 0 || to >= links.length) return false;
  links[to].focus({ preventScroll: true });
  links[to].scrollIntoView({ block: "nearest" });
  return true;
}

function isTyping(element) {
  return element.matches("input, textarea, select, [contenteditable]") || element.closest("dialog, .leaflet-container");
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
  if (event.key.startsWith("Arrow") && !event.shiftKey) return move(event.key);
  if (event.key === "/") {
    const box = document.querySelector("#q");
    box.focus();
    box.select();
    return true;
  }
  if (event.key === "?") {
    document.querySelector("#keys").showModal();
    return true;
  }
  if (event.key === "m" || event.key === "a") {
    const wanted = event.key === "m" ? "[data-like]" : "[data-also]";
    const link = document.activeElement?.closest(".card, .row, .sample")?.querySelector(wanted);
    link?.click();
    return Boolean(link);
  }
  if (event.key === "p" || event.key === "n") {
    const link = document.querySelector(event.key === "p" ? 'a[rel="prev"]' : 'a[rel="next"]');
    link?.click();
    return Boolean(link);
  }
  return false;
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (press(event)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-show-keys]")) document.querySelector("#keys").showModal();
  });
}
