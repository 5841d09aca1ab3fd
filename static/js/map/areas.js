// The areas that are filtered by, or looked around in, as they are: drawn straight from corner to corner.
export function drawAreas(layer, middle, areas) {
  layer.clearLayers();
  for (const [name, ring] of areas) {
    const longitudes = ring.map(([longitude]) => longitude);
    const centre = (Math.min(...longitudes) + Math.max(...longitudes)) / 2;
    const turn = 360 * Math.round((middle - centre) / 360);
    const corners = ring.map(([longitude, latitude]) => [latitude, longitude + turn]);
    layer.addLayer(L.polygon(corners, { className: `map-area ${name}`, interactive: false }));
  }
}
