// The samples of the viewport: counts on a grid when they are many, points when few, pictures when very few.
import { drawAreas } from "./areas.js";
import { card, fillStrip } from "./cards.js";
import { Drawing } from "./draw.js";
import { addLand, addTiles } from "./land.js";
import { Scale, drawLegend } from "./legend.js";
import { linkView, startFollowing, viewOf, written } from "./view.js";

const PICTURES = 24;
const AT_A_CLICK = 12;
const SAME_PLACE_PIXELS = 7;
const DEEPEST = 18;
const number = (value) => value.toLocaleString("en");
const counted = (value) => `${number(value)} ${value === 1 ? "sample" : "samples"}`;

class Samples {
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.area = L.layerGroup().addTo(map);
    map.createPane("zones").style.zIndex = 250;
    this.zones = L.layerGroup().addTo(map);
    this.drawn = L.layerGroup().addTo(map);
    this.request = null;
    this.picked = false;
    map.createPane("named").style.zIndex = 350;
    this.named = L.layerGroup().addTo(map);
    this.zoneSwitch = this.makeSwitch(this.zones);
    this.nameSwitch = this.makeSwitch(this.named);
    this.drawing = new Drawing(map, (words) => this.say(words || this.summary));
    this.fromAddress();
    map.on("moveend", () => this.refresh());
    map.on("popupclose", () => (this.picked = false));
    document.addEventListener("htmx:afterSettle", (event) => {
      if (event.target.id === "answer") this.refresh();
    });
    this.refresh();
  }

  get answer() {
    return document.querySelector("#answer");
  }

  makeSwitch(layer) {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    box.addEventListener("change", () => (box.checked ? layer.addTo(this.map) : layer.remove()));
    label.append(box, document.createElement("span"));
    return label;
  }

  // The viewport is part of the address, after the "#": zoom/latitude/longitude.
  fromAddress() {
    const match = location.hash.match(/^#([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/);
    if (!match) return;
    this.map.setView([Number(match[2]), Number(match[3])], Number(match[1]), { animate: false });
  }

  toAddress() {
    const { lat, lng } = this.map.getCenter().wrap();
    history.replaceState(history.state, "", `#${this.map.getZoom()}/${lat.toFixed(3)}/${lng.toFixed(3)}`);
  }

  async refresh() {
    this.toAddress();
    linkView(this.map);
    this.request?.abort();
    const request = (this.request = new AbortController());
    drawAreas(this.area, this.map.getCenter().lng, JSON.parse(this.answer.dataset.areas));
    const parameters = new URLSearchParams(this.answer.dataset.parameters);
    parameters.append("view", written(viewOf(this.map)));
    parameters.append("zoom", Math.floor(this.map.getZoom()));
    try {
      const answer = await fetch(`/api/map?${parameters}`, { signal: request.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.draw(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.say("The map could not be filled. Move it to try again.");
    }
  }

  draw({ points, cells, named, samples, zones, in_view: inView }) {
    const scale = Scale.of(this.answer.dataset.scale, cells);
    this.points = points;
    this.drawn.clearLayers();
    for (const cell of [...cells].reverse()) this.drawCell(cell, scale);
    for (const point of points) this.drawPoint(point, scale, points.length <= PICTURES);
    this.drawZones(zones);
    this.drawNamed(named, scale);
    this.nameSwitch.lastChild.textContent = `named in the caption: ${number(named.reduce((sum, { count }) => sum + count, 0))}`;
    const shapes = { cells: cells.length > 0, points: points.length > 0 };
    const switches = { zone: zones.length ? this.zoneSwitch : null, named: named.length ? this.nameSwitch : null };
    drawLegend(document.querySelector("#map-legend"), scale, shapes, switches);
    if (!this.picked) fillStrip(this.options.image, samples);
    this.summary = `${counted(inView)} in view${cells.length ? `, in ${number(cells.length)} places` : ""}`;
    if (!this.picked) this.say(this.summary);
  }

  // A longitude in the world that the map has been panned to.
  shift(longitude) {
    const middle = this.map.getCenter().lng;
    return longitude + 360 * Math.round((middle - longitude) / 360);
  }

  drawCell(cell, scale) {
    const place = [cell.latitude, this.shift(cell.longitude)];
    const circle = L.circleMarker(place, { radius: scale.radius(cell.count), className: `map-cell ${scale.colour(cell)}` });
    circle.bindTooltip(counted(cell.count) + scale.words(cell), { direction: "top" });
    circle.on("click", () => this.openCell(cell, place));
    this.drawn.addLayer(circle);
  }

  drawPoint(point, scale, asPicture) {
    const { id, latitude, longitude, caption, image } = point;
    const place = [latitude, this.shift(longitude)];
    const layer = asPicture && image
      ? L.marker(place, {
          icon: L.icon({ iconUrl: this.imageOf(id), iconSize: [56, 56], className: "map-thumb" }),
          alt: caption || `Sample ${id}`,
          title: caption,
        })
      : L.circleMarker(place, { radius: 6, className: `map-point ${scale.colour(point)}` });
    layer.on("click", () => this.openPoint(point, place));
    this.drawn.addLayer(layer);
  }

  drawZones(zones) {
    this.zones.clearLayers();
    let total = 0;
    for (const { zone, hemisphere, count, west, east } of zones) {
      total += count;
      const bounds = [
        [hemisphere === "N" ? 0 : -80, this.shift(west + 3) - 3],
        [hemisphere === "S" ? 0 : 84, this.shift(west + 3) + (east - west) - 3],
      ];
      const strip = L.rectangle(bounds, { pane: "zones", className: "map-zone" });
      strip.bindTooltip(`UTM zone ${zone}${hemisphere ?? ""}: ${counted(count)}, place not known more closely`, { sticky: true });
      this.zones.addLayer(strip);
    }
    this.zoneSwitch.lastChild.textContent = `UTM zone only: ${number(total)}`;
  }

  // Hollow, as nobody knows where in the city or the country the picture was taken.
  drawNamed(named, scale) {
    this.named.clearLayers();
    const largest = Math.max(1, ...named.map(({ count }) => count));
    for (const cell of [...named].reverse()) {
      const place = [cell.latitude, this.shift(cell.longitude)];
      const radius = 6 + 12 * Math.sqrt(cell.count / largest);
      const ring = L.circleMarker(place, { pane: "named", radius, className: "map-named" });
      ring.bindTooltip(`${counted(cell.count)} of a place named here${scale.ofPoints ? scale.words(cell) : ""}`, { direction: "top" });
      ring.on("click", () => this.openCell(cell, place, "place"));
      this.named.addLayer(ring);
    }
  }

  imageOf(id) {
    return this.options.image.replace("{id}", id);
  }

  // Points that a finger cannot tell apart are shown together.
  openPoint(point, place) {
    const here = this.map.latLngToContainerPoint(place);
    const near = this.points.filter((other) => {
      const there = this.map.latLngToContainerPoint([other.latitude, this.shift(other.longitude)]);
      return there.distanceTo(here) <= SAME_PLACE_PIXELS;
    });
    near.sort((one, other) => (other === point) - (one === point));
    this.popup(place, [card(this.options.image, point)], near.length > 1 ? `${number(near.length)} samples here, see below` : "");
    if (near.length > 1) fillStrip(this.options.image, near);
  }

  async openCell({ count, box }, place, tier) {
    const parameters = new URLSearchParams(this.answer.dataset.parameters);
    parameters.delete("colour");
    parameters.set("bbox", box);
    if (tier) parameters.set("tier", tier);
    const all = { href: `/?${parameters}`, words: count === 1 ? "This sample" : `All ${counted(count)} here` };
    const actions = document.createElement("div");
    actions.className = "map-actions";
    actions.append(Object.assign(document.createElement("a"), { href: all.href, textContent: all.words }));
    if (this.map.getZoom() < this.map.getMaxZoom()) {
      const closer = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: "Zoom in" });
      closer.addEventListener("click", () => this.map.closePopup() && this.closer(box, place));
      actions.append(closer);
    }
    parameters.set("k", AT_A_CLICK);
    const answer = await fetch(`/api/search?${parameters}`).catch(() => null);
    if (!answer?.ok) {
      this.say("The samples there could not be fetched. Click again.");
      return;
    }
    const samples = (await answer.json()).hits.map(({ id, image, sample }) => ({ id, image, caption: sample.caption }));
    this.popup(place, [...samples.slice(0, 1).map((sample) => card(this.options.image, sample)), actions], "");
    fillStrip(this.options.image, samples, all);
    this.say(`${counted(count)} at this place`);
  }

  closer(box, place) {
    const [west, south, east, north] = box.split(",").map(Number);
    const from = this.shift((west + east) / 2) - (east - west) / 2;
    const zoom = Math.min(this.map.getBoundsZoom([[south, from], [north, from + east - west]]), this.map.getZoom() + 4);
    this.map.flyTo(place, Math.max(zoom, this.map.getZoom() + 1), { duration: 0.4 });
  }

  popup(place, parts, note) {
    const content = document.createElement("div");
    content.append(...parts);
    if (note) content.append(Object.assign(document.createElement("p"), { className: "small muted", textContent: note }));
    L.popup({ minWidth: 144, maxWidth: 176 }).setLatLng(place).setContent(content).openOn(this.map);
    // What was picked stays below the map while the map makes room for it.
    this.picked = true;
  }

  say(words) {
    document.querySelector("#map-status").textContent = words;
  }
}

export function showSamples(map, options) {
  map.setMinZoom(1).setMaxZoom(DEEPEST);
  if (options.tiles) addTiles(map, options.tiles);
  else addLand(map);
  startFollowing();
  return new Samples(map, options);
}
