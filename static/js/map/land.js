// The base of every map: land and country lines from files of this site, finer ones once a person looks closely.
const COARSE = "/static/vendor/world-atlas/countries-110m.json";
const FINE = "/static/vendor/world-atlas/countries-50m.json";
const FINE_FROM_ZOOM = 4;
const loaded = new Map();

function outlines(url) {
  if (!loaded.has(url)) {
    const answer = fetch(url).then((response) => {
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      return response.json();
    });
    loaded.set(url, answer.then((world) => topojson.feature(world, world.objects.countries)));
  }
  return loaded.get(url);
}

export async function addLand(map) {
  map.createPane("land").style.zIndex = 150;
  const renderer = L.svg({ pane: "land", padding: 0.5 });
  map.attributionControl?.setPrefix(false).addAttribution("Outlines: Natural Earth");
  let shown;
  let layer;

  async function show() {
    const url = map.getZoom() >= FINE_FROM_ZOOM ? FINE : COARSE;
    if (url === shown) return;
    shown = url;
    const countries = await outlines(url);
    if (url !== shown) return;
    layer?.remove();
    // Three worlds side by side, so that a map panned over the date line still stands on land.
    layer = L.layerGroup(
      [-360, 0, 360].map((shift) =>
        L.geoJSON(countries, {
          renderer,
          pane: "land",
          interactive: false,
          style: { className: "map-land" },
          coordsToLatLng: ([longitude, latitude]) => L.latLng(latitude, longitude + shift),
        }),
      ),
    ).addTo(map);
  }

  map.on("zoomend", show);
  await show();
}
