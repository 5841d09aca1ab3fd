// Facets are redrawn by the server after every answer; what was open stays open, and a long list can be typed into.
// Until they are redrawn their links lead to views of the answer before, so they cannot be used.
let open = null;

function facets() {
  return [...document.querySelectorAll("#facets details[data-facet]")];
}

function keepOpen(event) {
  if (event.detail.target?.id === "facets" && facets().length) {
    open = new Map(facets().map((facet) => [facet.dataset.facet, facet.open]));
  }
}

function holdStale(event) {
  const panel = document.querySelector("#facets");
  if (panel && event.detail.target?.id === "answer") panel.inert = true;
}

function restoreOpen(event) {
  if (event.detail.target?.id !== "facets") return;
  event.detail.target.inert = false;
  if (!open) return;
  for (const facet of facets()) {
    if (open.has(facet.dataset.facet)) facet.open = open.get(facet.dataset.facet);
  }
}

function narrow(event) {
  const box = event.target.closest("[data-facet-find]");
  if (!box) return;
  const wanted = box.value.trim().toLowerCase();
  const facet = box.closest("[data-facet]");
  const rest = facet.querySelector(".facet-rest");
  if (rest && wanted) rest.open = true;
  let shown = 0;
  for (const value of facet.querySelectorAll(".facet-value")) {
    const match = value.dataset.value.includes(wanted);
    value.hidden = !match;
    shown += match ? 1 : 0;
  }
  facet.querySelector("[data-facet-none]").hidden = shown > 0;
}

export function startFacets() {
  document.addEventListener("htmx:beforeSwap", keepOpen);
  document.addEventListener("htmx:beforeSwap", holdStale);
  document.addEventListener("htmx:afterSwap", restoreOpen);
  document.addEventListener("input", narrow);
}
