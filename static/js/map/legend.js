// What the colours and shapes mean, with the numbers they stand for.
const STEPS = 7;
const number = (value) => value.toLocaleString("en");

// Round numbers that grow evenly on a logarithmic scale from 1 to the largest count.
export function breaksFor(largest) {
  const breaks = [1];
  for (let step = 1; step < STEPS; step += 1) {
    const raw = largest ** (step / STEPS);
    const unit = 10 ** Math.floor(Math.log10(raw));
    const round = Math.max(1, Math.round(raw / unit) * unit);
    if (round > breaks.at(-1)) breaks.push(round);
  }
  return breaks;
}

// Few breaks still span the whole range of colours.
export function colourOf(count, breaks) {
  const place = breaks.findLastIndex((least) => count >= least);
  return breaks.length === 1 ? 3 : Math.round((place * (STEPS - 1)) / (breaks.length - 1));
}

// Colours by number of samples: those of this very view.
class Counts {
  constructor(cells) {
    this.largest = Math.max(1, ...cells.map(({ count }) => count));
    this.breaks = breaksFor(this.largest);
    this.title = "Samples at a circle";
    this.ofPoints = false;
  }

  radius(count) {
    return 7 + 15 * Math.sqrt(count / this.largest);
  }

  colour({ count }) {
    return count === undefined ? "" : `amount-${colourOf(count, this.breaks)}`;
  }

  words() {
    return "";
  }

  items() {
    return this.breaks.map((least, place) => {
      const next = this.breaks[place + 1];
      const upTo = next === undefined ? " or more" : next - 1 > least ? ` to ${number(next - 1)}` : "";
      return [`amount-${colourOf(least, this.breaks)}`, `${number(least)}${upTo}`];
    });
  }
}

// Colours by cosine with the query: the same wherever the map is moved to.
class Cosines extends Counts {
  constructor(cells, [low, high]) {
    super(cells);
    this.low = low;
    this.step = Math.max(high - low, 1e-6) / STEPS;
    this.title = cells.length ? "Mean cosine with the query" : "Cosine with the query";
    this.ofPoints = true;
  }

  colour({ cosine }) {
    if (cosine === null) return "amount-none";
    return `amount-${Math.min(STEPS - 1, Math.max(0, Math.floor((cosine - this.low) / this.step)))}`;
  }

  words({ cosine }) {
    return cosine === null ? ", none with a vector" : `, mean cosine ${cosine.toFixed(3)}`;
  }

  items() {
    return Array.from({ length: STEPS }, (_, place) => {
      const least = (this.low + place * this.step).toFixed(3);
      return [`amount-${place}`, place ? `${least}${place === STEPS - 1 ? " or more" : ""}` : `below ${(this.low + this.step).toFixed(3)}`];
    });
  }
}

export const Scale = {
  of: (range, cells) => (range ? new Cosines(cells, JSON.parse(range)) : new Counts(cells)),
};

function item(swatch, words) {
  const line = document.createElement("li");
  const sign = document.createElement("span");
  sign.className = `swatch ${swatch}`;
  line.append(sign, words);
  return line;
}

function list(name, items) {
  const made = document.createElement("ul");
  made.className = name;
  made.append(...items);
  return made;
}

export function drawLegend(box, scale, { cells, points }, switches) {
  const parts = [];
  if (cells || (points && scale.ofPoints)) {
    const title = Object.assign(document.createElement("div"), { className: "title", textContent: scale.title });
    parts.push(title, list("plain scale", scale.items().map(([swatch, words]) => item(swatch, words))));
  }
  const shapes = [];
  if (points && !scale.ofPoints) shapes.push(item("point", "one sample, exact point"));
  for (const [swatch, toggle] of Object.entries(switches)) {
    if (toggle) shapes.push(item(swatch, toggle));
  }
  if (shapes.length) parts.push(list("plain", shapes));
  box.replaceChildren(...parts);
  box.hidden = !parts.length;
}
