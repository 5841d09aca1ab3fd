// The small map of one sample: a point, or the part of a UTM zone where nothing closer is known.
import { addLand } from "./map/land.js";

for (const box of document.querySelectorAll("[data-place]")) {
  const { latitude, longitude, zone, south, north } = box.dataset;
  const place = [Number(latitude), Number(longitude)];
  const map = L.map(box, { center: place, zoom: zone ? 1 : 4, minZoom: 0, maxZoom: 12, scrollWheelZoom: false });
  addLand(map);
  if (zone) {
    const bounds = [
      [Number(south), place[1] - 3],
      [Number(north), place[1] + 3],
    ];
    L.rectangle(bounds, { className: "map-zone", interactive: false }).addTo(map);
  } else {
    L.circleMarker(place, { radius: 7, className: "map-point", interactive: false }).addTo(map);
  }
}
