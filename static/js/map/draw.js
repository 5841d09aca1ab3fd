// Drawing a box or a polygon, which becomes a filter: a chip, a part of the address, and the same on every page.
import { follow } from "./view.js";

const SCRIPT = "/static/vendor/leaflet-geoman/leaflet-geoman.min.js";
const STYLE = "/static/vendor/leaflet-geoman/leaflet-geoman.css";
const TOOLS = [
  { shape: "Rectangle", label: "Draw a box to filter by", hint: "Click two opposite corners of the box.", path: "M5 6h14v12H5z" },
  { shape: "Polygon", label: "Draw a polygon to filter by", hint: "Click corner after corner, and the first one again to close it.", path: "M5 9 13 4l7 7-4 9-9-2z" },
];
// An edge is straight on the map here and straight in degrees there: corners are put in between until nobody sees it.
const SEEN_PIXELS = 1.5;
const MOST_CORNERS = 180;
let loading = null;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE });
    const script = Object.assign(document.createElement("script"), { src: SCRIPT, onload: resolve });
    script.onerror = () => {
      loading = null;
      reject(new Error("the drawing tools could not be loaded"));
    };
    document.head.append(style, script);
  });
  return loading;
}

// The corner `from` and those between it and `to`.
function edge(from, to, map, most) {
  const [first, last] = [map.project(from), map.project(to)];
  const middle = first.add(last).divideBy(2);
  const straight = map.project([(from.lat + to.lat) / 2, (from.lng + to.lng) / 2]);
  if (most < 2 || middle.distanceTo(straight) < SEEN_PIXELS) return [from];
  const between = map.unproject(middle);
  return [...edge(from, between, map, most / 2), ...edge(between, to, map, most / 2)];
}

function withCornersBetween(corners, map) {
  return corners.flatMap((corner, place) => edge(corner, corners[(place + 1) % corners.length], map, MOST_CORNERS / corners.length));
}

function asParameter(shape, layer, map) {
  const degrees = (value) => Number(value.toFixed(5));
  if (shape === "Rectangle") {
    const bounds = layer.getBounds();
    return ["bbox", [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(degrees).join(",")];
  }
  const corners = withCornersBetween(layer.getLatLngs()[0], map);
  return ["polygon", corners.map(({ lat, lng }) => `${degrees(lng)},${degrees(lat)}`).join(";")];
}

export class Drawing {
  constructor(map, say) {
    this.map = map;
    this.say = say;
    this.buttons = new Map();
    this.addControl();
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.drawing) this.stop();
    });
  }

  get drawing() {
    return this.map.pm?.globalDrawModeEnabled() ?? false;
  }

  addControl() {
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      const bar = L.DomUtil.create("div", "leaflet-bar map-draw");
      L.DomEvent.disableClickPropagation(bar);
      bar.append(...TOOLS.map((tool) => this.button(tool)));
      return bar;
    };
    control.addTo(this.map);
  }

  button(tool) {
    const button = document.createElement("button");
    button.type = "button";
    button.title = tool.label;
    button.setAttribute("aria-label", tool.label);
    button.setAttribute("aria-pressed", "false");
    button.innerHTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${tool.path}"/></svg>`;
    button.addEventListener("click", () => this.toggle(tool));
    this.buttons.set(tool.shape, button);
    return button;
  }

  async toggle({ shape, hint }) {
    const was = this.buttons.get(shape).getAttribute("aria-pressed") === "true";
    this.stop();
    if (was) return;
    try {
      await load();
    } catch (error) {
      this.say(`${error.message}.`);
      return;
    }
    this.prepare();
    this.buttons.get(shape).setAttribute("aria-pressed", "true");
    this.map.pm.enableDraw(shape, {
      tooltips: false,
      snappable: false,
      allowSelfIntersection: false,
      templineStyle: { className: "map-area" },
      hintlineStyle: { className: "map-area" },
      pathOptions: { className: "map-area" },
    });
    this.say(`${hint} Escape stops.`);
  }

  // Geoman takes hold of maps that are made after it was loaded; this one was there before. Of layers it is to
  // take hold of those it draws itself only, not of a thousand points.
  prepare() {
    if (this.map.pm) return;
    L.PM.setOptIn(true);
    this.map.pm = new L.PM.Map(this.map);
    this.map.pm.setGlobalOptions({});
    this.map.on("pm:create", ({ shape, layer }) => this.use(shape, layer));
  }

  use(shape, layer) {
    this.stop();
    layer.remove();
    const [name, value] = asParameter(shape, layer, this.map);
    const parameters = new URLSearchParams(document.querySelector("#answer").dataset.parameters);
    for (const other of ["bbox", "polygon", "near"]) parameters.delete(other);
    parameters.set(name, value);
    follow(`/map?${parameters}`);
  }

  stop() {
    for (const button of this.buttons.values()) button.setAttribute("aria-pressed", "false");
    if (this.drawing) this.map.pm.disableDraw();
    this.say("");
  }
}
