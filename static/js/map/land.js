// The base of every map: land and country lines from files of this site, finer ones once a person looks closely.
const COARSE = "/static/vendor/world-atlas/countries-110m.json";
const FINE = "/static/vendor/world-atlas/countries-50m.json";
const FINE_FROM_ZOOM = 4;
const loaded = new Map();

// The atlas joins shapes across the date line, as a globe needs them. On a flat map a ring must run on past 180
// degrees instead of jumping back, and one that goes around a pole must be closed along the map's edge.
function unrolled(ring) {
  let turn = 0;
  const flat = ring.map(([longitude, latitude], place) => {
    const before = place ? ring[place - 1][0] : longitude;
    if (Math.abs(longitude - before) > 180) turn += longitude < before ? 360 : -360;
    return [longitude + turn, latitude];
  });
  if (turn) {
    const pole = flat[0][1] < 0 ? -90 : 90;
    flat.push([flat.at(-1)[0], pole], [flat[0][0], pole], flat[0]);
  }
  return flat;
}

function flattened(countries) {
  for (const { geometry } of countries.features) {
    const polygon = (rings) => rings.map(unrolled);
    const { type, coordinates } = geometry;
    geometry.coordinates = type === "Polygon" ? polygon(coordinates) : coordinates.map(polygon);
  }
  return countries;
}

function outlines(url) {
  if (!loaded.has(url)) {
    const answer = fetch(url).then((response) => {
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      return response.json();
    });
    loaded.set(url, answer.then((world) => flattened(topojson.feature(world, world.objects.countries))));
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

// A person's own map tiles instead of the outlines; their server is named in the page's policy.
export function addTiles(map, { url, attribution }) {
  map.attributionControl?.setPrefix(false);
  L.tileLayer(url, { attribution, maxZoom: 19, referrerPolicy: "no-referrer" }).addTo(map);
}
