// Samples as small cards: in a popup over the map, and in the strip below it.
const STRIP = 12;

export function card(address, { id, caption, image }, name = "") {
  const link = document.createElement("a");
  link.href = `/samples/${id}`;
  link.className = name;
  const said = caption || `Sample ${id}`;
  if (!image) {
    link.append(Object.assign(document.createElement("span"), { className: "strip-text", textContent: said }));
    return link;
  }
  const picture = new Image(128, 128);
  picture.src = address.replace("{id}", id);
  picture.alt = "";
  link.append(picture, Object.assign(document.createElement("span"), { className: "small", textContent: said }));
  return link;
}

// What is shown below the map; `more` leads to all of them.
export function fillStrip(address, samples, more) {
  const cards = samples.slice(0, STRIP).map((sample) => card(address, sample, "strip-card"));
  if (more) {
    const link = document.createElement("a");
    link.className = "strip-more button";
    link.href = more.href;
    link.textContent = more.words;
    cards.push(link);
  }
  const strip = document.querySelector("#map-strip");
  strip.replaceChildren(...cards);
  strip.scrollLeft = 0;
}
