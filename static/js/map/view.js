// The viewport as an address has it, and the links that take it along.
const MERCATOR_END = 85.05;

export function viewOf(map) {
  const bounds = map.getBounds();
  const south = bounds.getSouth() < -MERCATOR_END ? -90 : bounds.getSouth();
  const north = bounds.getNorth() > MERCATOR_END ? 90 : bounds.getNorth();
  return { west: bounds.getWest(), south, east: bounds.getEast(), north };
}

export function written({ west, south, east, north }) {
  return [west, south, east, north].map((value) => Number(value.toFixed(5))).join(",");
}

// What lies in the view and in the area that is filtered by, which may be drawn on another copy of the world.
function inBoth(view, text) {
  if (!text) return view;
  const [west, south, east, north] = text.split(",").map(Number);
  const width = east < west ? east - west + 360 : east - west;
  for (const turn of [-720, -360, 0, 360, 720]) {
    const both = {
      west: Math.max(view.west, west + turn),
      south: Math.max(view.south, south),
      east: Math.min(view.east, west + turn + width),
      north: Math.min(view.north, north),
    };
    if (both.west < both.east && both.south < both.north) return both;
  }
  return null;
}

// Every link with data-view puts the view into its address under that name.
export function linkView(map) {
  const view = viewOf(map);
  for (const link of document.querySelectorAll("a[data-view]")) {
    const parameters = new URLSearchParams(link.dataset.parameters);
    const name = link.dataset.view;
    const box = name === "bbox" ? inBoth(view, parameters.get("bbox")) : view;
    if (box) parameters.set(name, written(box));
    link.href = `${link.dataset.path}?${parameters}`;
  }
}

// Links that change the map itself leave it standing.
export function startFollowing() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-follow]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow(link.href);
  });
}

// Follow an address as a link of the answer does: the map stays, what is around it is replaced.
export function follow(address) {
  const answer = document.querySelector("#answer");
  const link = document.createElement("a");
  link.href = address;
  link.hidden = true;
  for (const name of ["hx-boost", "hx-target", "hx-swap"]) link.setAttribute(name, answer.dataset[name.replace("hx-", "")]);
  answer.append(link);
  htmx.process(link);
  link.click();
}
