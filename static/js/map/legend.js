// What the colours and shapes mean, with the numbers they stand for in this very view.
const STEPS = 7;

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

function item(swatch, words) {
  const line = document.createElement("li");
  const sign = document.createElement("span");
  sign.className = `swatch ${swatch}`;
  line.append(sign, words);
  return line;
}

function scale(breaks) {
  const list = document.createElement("ul");
  list.className = "plain scale";
  list.append(
    ...breaks.map((least, place) => {
      const next = breaks[place + 1];
      const upTo = next === undefined ? " or more" : next - 1 > least ? ` to ${(next - 1).toLocaleString("en")}` : "";
      return item(`amount-${colourOf(least, breaks)}`, `${least.toLocaleString("en")}${upTo}`);
    }),
  );
  return list;
}

function heading(words) {
  const title = document.createElement("div");
  title.className = "title";
  title.textContent = words;
  return title;
}

export function drawLegend(box, { breaks, points, rough, zones }, zoneSwitch) {
  const parts = [];
  if (breaks) parts.push(heading("Samples at a circle"), scale(breaks));
  const shapes = document.createElement("ul");
  shapes.className = "plain";
  if (points) shapes.append(item("point", "one sample, exact point"));
  if (rough) shapes.append(item("rough", "one sample, named place"));
  if (zones) {
    const line = item("zone", "");
    line.append(zoneSwitch);
    shapes.append(line);
  }
  if (shapes.children.length) parts.push(shapes);
  box.replaceChildren(...parts);
  box.hidden = !parts.length;
}
