// What everything below uses: the data, and elements made without ever parsing a string as HTML.

const { documents, kinds, layers: LAYERS, ...given } = JSON.parse(document.getElementById("data").textContent);
const SIDES = ["gold", "predicted"];
const SVG = "http://www.w3.org/2000/svg";

function filled(node, told, children) {
  for (const [name, value] of Object.entries(told)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const el = (name, told = {}, ...children) => filled(document.createElement(name), told, children);
const drawn = (name, told = {}, ...children) => filled(document.createElementNS(SVG, name), told, children);

const SHAPES = {
  missed: "M6 1.5a4.5 4.5 0 1 1-.01 0z",
  spurious: "M2 2l8 8M10 2l-8 8",
  duplicate: "M1.5 1.5h6v6h-6zM4.5 4.5h6v6h-6z",
  boundary: "M1 6h10M3.5 3L1 6l2.5 3M8.5 3L11 6 8.5 9",
  label: "M6 1.5l5 9H1z",
  quantity: "M6 .8L11.2 6 6 11.2.8 6z",
  who: "M2 2h8v8H2z",
  other: "M1.5 4h9M1.5 8h9M9 1.5l-6 9",
  right: "M1.5 6.5l3 3 6-7",
};
const OPEN = new Set(["missed", "spurious", "duplicate", "boundary", "other", "right"]);

function shape(family) {
  const path = drawn("path", { d: SHAPES[family], class: OPEN.has(family) ? "open" : "full" });
  return drawn("svg", { class: `shape ${family}`, viewBox: "0 0 12 12", "aria-hidden": "true", focusable: "false" }, path);
}

const family = (finding) => (finding.kinds ? kinds[finding.kinds[0]] : "right");
const many = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;

// A side of a finding: { start, end, label, facts, parts, spans }, or null.
function side(finding, name) {
  const told = name === "predicted" && finding.predicted === true ? finding.gold : finding[name];
  if (!told) return null;
  const [start, end, label, facts, parts] = told.map((mine, n) => mine ?? finding.gold[n]);
  const pieces = parts
    ? Object.entries(parts).flatMap(([part, spans]) => spans.map(([s, e]) => ({ part, start: s, end: e })))
    : [{ part: "", start, end }];
  return { start, end, label, facts, parts, pieces };
}

// Offsets are code points; a string is indexed by UTF-16 units, which differ where a character lies beyond the basic plane.
function points(doc) {
  doc.points ??= /[\ud800-\udfff]/.test(doc.text) ? Array.from(doc.text) : doc.text;
  return doc.points;
}

function cut(doc, start, end) {
  const part = points(doc).slice(start, end);
  return typeof part === "string" ? part : part.join("");
}
