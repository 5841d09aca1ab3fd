// Draws the map of a file that stands alone: everything it needs is in `facts`, and nothing is fetched.
function drawMapFile(map, facts) {
  const number = (value) => value.toLocaleString("en");
  const turned = (ring, turn) => ring.map(([longitude, latitude]) => [latitude, longitude + turn]);
  const shift = (longitude) => {
    const middle = (facts.view[0][1] + facts.view[1][1]) / 2;
    return longitude + 360 * Math.round((middle - longitude) / 360);
  };
  map.fitBounds(facts.view);
  map.attributionControl.setPrefix(false).addAttribution("Outlines: Natural Earth");
  L.control.scale({ imperial: false }).addTo(map);

  const land = L.canvas({ padding: 0.5 });
  for (const turn of [-360, 0, 360]) {
    for (const polygon of facts.land) {
      L.polygon(polygon.map((ring) => turned(ring, turn)), { renderer: land, interactive: false, color: "#c9cdca", weight: 0.75, fillColor: "#e4e6e4", fillOpacity: 1 }).addTo(map);
    }
  }
  for (const { zone, hemisphere, count, west, east } of facts.zones) {
    const middle = shift(west + 3);
    L.rectangle([[hemisphere === "N" ? 0 : -80, middle - 3], [hemisphere === "S" ? 0 : 84, middle + east - west - 3]], { color: "#c67a27", weight: 1, dashArray: "3 4", fillOpacity: 0.14 })
      .bindTooltip(`UTM zone ${zone}${hemisphere ?? ""}: ${number(count)} samples`, { sticky: true })
      .addTo(map);
  }
  for (const ring of facts.areas) L.polygon(turned(ring, 0), { color: "#0b5cad", weight: 2, dashArray: "6 4", fillOpacity: 0.05, interactive: false }).addTo(map);

  for (const { latitude, longitude, count, radius } of facts.named) {
    L.circleMarker([latitude, shift(longitude)], { radius, color: "#0b5cad", weight: 1.8, fillOpacity: 0.05 }).bindTooltip(`${number(count)} samples of a place named here`).addTo(map);
  }

  function described(point) {
    const box = document.createElement("div");
    if (point.picture) box.append(Object.assign(new Image(), { src: point.picture, alt: "" }));
    box.append(Object.assign(document.createElement("p"), { textContent: point.caption ?? "" }));
    const name = Object.assign(document.createElement("p"), { className: "quiet" });
    if (/^https?:/.test(point.url ?? "")) name.append(Object.assign(document.createElement("a"), { href: point.url, textContent: point.name, rel: "noreferrer" }));
    else name.textContent = point.name;
    box.append(name);
    return box;
  }

  facts.marks.forEach(({ latitude, longitude, count, radius, colour }, place) => {
    const mark = L.circleMarker([latitude, shift(longitude)], { radius, color: "#fff", weight: 1.2, fillColor: colour, fillOpacity: 0.92 }).addTo(map);
    if (facts.points.length) mark.bindPopup(() => described(facts.points[place]), { maxWidth: 180 });
    else mark.bindTooltip(`${number(count)} ${count === 1 ? "sample" : "samples"}`);
  });

  const legend = L.control({ position: "bottomright" });
  legend.onAdd = () => {
    const box = L.DomUtil.create("div", "legend");
    if (facts.legend.title) box.append(Object.assign(document.createElement("b"), { textContent: facts.legend.title }));
    const rows = [...facts.legend.steps];
    if (facts.legend.zones) rows.push(["#c67a2744", `UTM zone only: ${number(facts.legend.zones)}`]);
    if (facts.legend.named) rows.push(["transparent", `named in the caption: ${number(facts.legend.named)}`]);
    for (const [colour, words] of rows) {
      const line = document.createElement("div");
      const swatch = document.createElement("span");
      swatch.style.background = colour;
      line.append(swatch, words);
      box.append(line);
    }
    return box;
  };
  if (facts.legend.steps.length || facts.legend.zones || facts.legend.named) legend.addTo(map);
}
