// The samples of the viewport: counts on a grid when they are many, points when few, pictures when very few.
import { addLand } from "./land.js";
import { breaksFor, colourOf, drawLegend } from "./legend.js";

const PICTURES = 24;
const STRIP = 12;
const DEEPEST = 18;
const number = (value) => value.toLocaleString("en");

class Samples {
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.drawn = L.layerGroup().addTo(map);
    map.createPane("zones").style.zIndex = 250;
    this.zones = L.layerGroup().addTo(map);
    this.area = L.layerGroup().addTo(map);
    this.request = null;
    this.zoneSwitch = this.makeZoneSwitch();
    this.fromAddress();
    map.on("moveend", () => this.refresh());
    document.addEventListener("htmx:afterSettle", (event) => {
      if (event.target.id === "answer") this.refresh();
    });
    this.refresh();
  }

  get answer() {
    return document.querySelector("#answer");
  }

  makeZoneSwitch() {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.addEventListener("change", () => (box.checked ? this.zones.addTo(this.map) : this.zones.remove()));
    this.zoneWords = document.createElement("span");
    label.append(box, this.zoneWords);
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

  viewport() {
    const bounds = this.map.getBounds();
    const south = Math.max(bounds.getSouth(), -89.9).toFixed(5);
    const north = Math.min(bounds.getNorth(), 89.9).toFixed(5);
    return `${bounds.getWest().toFixed(5)},${south},${bounds.getEast().toFixed(5)},${north}`;
  }

  async refresh() {
    this.toAddress();
    this.linkSearch();
    this.request?.abort();
    const request = (this.request = new AbortController());
    const parameters = new URLSearchParams(this.answer.dataset.parameters);
    this.drawArea(parameters.get("bbox"));
    parameters.append("view", this.viewport());
    parameters.append("zoom", Math.floor(this.map.getZoom()));
    try {
      const answer = await fetch(`/api/map?${parameters}`, { signal: request.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.draw(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.say("The map could not be filled. Move it to try again.");
    }
  }

  linkSearch() {
    const link = document.querySelector("#search-here");
    const parameters = new URLSearchParams(link.dataset.parameters);
    parameters.append("bbox", this.viewport());
    link.href = `/?${parameters}`;
  }

  draw({ points, cells, zones, in_view: inView }) {
    const largest = Math.max(1, ...cells.map((cell) => cell.count));
    const breaks = breaksFor(largest);
    this.drawn.clearLayers();
    for (const cell of [...cells].reverse()) this.drawCell(cell, largest, breaks);
    for (const point of points) this.drawPoint(point, points.length <= PICTURES);
    this.drawZones(zones);
    drawLegend(
      document.querySelector("#map-legend"),
      {
        breaks: cells.length ? breaks : null,
        points: points.some((point) => point.tier === "point"),
        rough: points.some((point) => point.tier !== "point"),
        zones: zones.length > 0,
      },
      this.zoneSwitch,
    );
    this.drawStrip(
      points.length
        ? points.map(({ id, caption }) => [id, caption])
        : cells.map(({ example, count }) => [example, `one of ${number(count)}`]),
    );
    const counted = `${number(inView)} ${inView === 1 ? "sample" : "samples"} in view`;
    this.say(cells.length ? `${counted}, counted in ${number(cells.length)} cells` : counted);
  }

  // A longitude in the world that the map has been panned to.
  shift(longitude) {
    const middle = this.map.getCenter().lng;
    return longitude + 360 * Math.round((middle - longitude) / 360);
  }

  drawCell({ count, latitude, longitude, example }, largest, breaks) {
    const radius = 7 + 15 * Math.sqrt(count / largest);
    const place = [latitude, this.shift(longitude)];
    const circle = L.circleMarker(place, { radius, className: `map-cell amount-${colourOf(count, breaks)}` });
    circle.bindTooltip(`${number(count)} ${count === 1 ? "sample" : "samples"}`, { direction: "top" });
    circle.on("click", () => {
      if (count > 1 && this.map.getZoom() < this.map.getMaxZoom()) this.map.flyTo(place, this.map.getZoom() + 2, { duration: 0.4 });
      else this.popup(place, example, "");
    });
    this.drawn.addLayer(circle);
  }

  drawPoint({ id, latitude, longitude, tier, caption }, asPicture) {
    const place = [latitude, this.shift(longitude)];
    const layer = asPicture
      ? L.marker(place, {
          icon: L.icon({ iconUrl: this.imageOf(id), iconSize: [56, 56], className: "map-thumb" }),
          alt: caption || `Sample ${id}`,
          title: caption,
        })
      : L.circleMarker(place, { radius: 6, className: `map-point${tier === "point" ? "" : " rough"}` });
    layer.on("click", () => this.popup(place, id, caption));
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
      strip.bindTooltip(`UTM zone ${zone}${hemisphere ?? ""}: ${number(count)} samples, place not known more closely`, { sticky: true });
      this.zones.addLayer(strip);
    }
    this.zoneWords.textContent = `UTM zone only: ${number(total)}`;
  }

  drawArea(text) {
    this.area.clearLayers();
    if (!text) return;
    const [west, south, east, north] = text.split(",").map(Number);
    const bounds = [[south, west], [north, east < west ? east + 360 : east]];
    this.area.addLayer(L.rectangle(bounds, { className: "map-area", interactive: false }));
  }

  imageOf(id) {
    return this.options.image.replace("{id}", id);
  }

  card(id, caption, name) {
    const link = document.createElement("a");
    link.href = `/samples/${id}`;
    link.className = name;
    const image = new Image(128, 128);
    image.src = this.imageOf(id);
    image.alt = "";
    const words = document.createElement("span");
    words.className = "small";
    words.textContent = caption || `Sample ${id}`;
    link.append(image, words);
    return link;
  }

  popup(place, id, caption) {
    L.popup({ minWidth: 144, maxWidth: 160, autoPan: false }).setLatLng(place).setContent(this.card(id, caption, "")).openOn(this.map);
  }

  drawStrip(samples) {
    const strip = document.querySelector("#map-strip");
    strip.replaceChildren(...samples.slice(0, STRIP).map(([id, caption]) => this.card(id, caption, "strip-card")));
  }

  say(words) {
    document.querySelector("#map-status").textContent = words;
  }
}

export function showSamples(map, options) {
  map.setMinZoom(1).setMaxZoom(DEEPEST);
  addLand(map);
  return new Samples(map, options);
}
