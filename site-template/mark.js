// The mark of a plugin without an icon, the same that the pages show: `crates/shopfront/src/render/mark.rs` draws it there.

const SHAPES = [
  "h2v2h-2z",
  "h2a2 2 0 0 1-2 2z",
  "a2 2 0 0 0 2 2v-2z",
  "m2 0v2h-2a2 2 0 0 1 2-2z",
  "a2 2 0 0 1 2 2h-2z",
  "m0 1a1 1 0 0 1 2 0a1 1 0 0 1-2 0z",
  "h2l-2 2z",
  "m0 2h2l-2-2z",
];
const HUES = 6;
const SVG = "http://www.w3.org/2000/svg";

/** The drawing made of an id: four cells, each with a shape, two of them paler. */
export function mark(id) {
  const { turn, strong, pale } = drawing(id);
  const svg = drawn("svg", { class: `tile t${turn}`, viewBox: "-1 -1 6 6", "aria-hidden": "true" });
  svg.append(drawn("path", { d: strong }), drawn("path", { class: "pale", d: pale }));
  return svg;
}

/** What is drawn; `tests/marks.json` holds it to what the pages show. */
export function drawing(id) {
  const bits = hash(id);
  const cells = (bits >>> 12) % 2 === 0 ? ["M0 0", "M2 2", "M2 0", "M0 2"] : ["M2 0", "M0 2", "M0 0", "M2 2"];
  const [first, second, third, fourth] = cells.map((cell, index) => cell + SHAPES[(bits >>> (index * 3)) % 8]);
  return { turn: (bits >>> 16) % HUES, strong: first + second, pale: third + fourth };
}

/** FNV-1a, mixed once more. Ids are ASCII. */
function hash(id) {
  let fnv = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) fnv = Math.imul(fnv ^ id.charCodeAt(at), 0x01000193) >>> 0;
  return Math.imul(fnv ^ (fnv >>> 15), 0x85ebca6b) >>> 0;
}

function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
