// Two systems side by side in one document's text: each against the gold, with its errors and whether the other has them too.

const SYSTEMS = given.systems;
const shown = { document: 0, sides: [0, 1], layers: new Set(given.attempted) };
const frame = document.getElementById("beside");
const byName = new Map(documents.map((sides, n) => [sides[0].id, n]));

const isError = (finding) => Boolean(finding.kinds) && shown.layers.has(finding.layer);

// What both systems' findings may be told by: an item of the gold by its place, a prediction without a partner by its label too.
function key(finding) {
  const [gold, predicted] = SIDES.map((name) => side(finding, name));
  const told = gold ?? predicted;
  return JSON.stringify([finding.layer, gold ? "gold" : predicted.label, told.start, told.end]);
}

function drawSide(doc, other) {
  const theirs = new Set(other.findings.filter((finding) => finding.kinds).map(key));
  const errors = doc.findings.filter(isError);
  doc.box = doc.text === null ? null : drawText(doc, shown.layers, isError);
  const told = errors.map((finding) => {
    const node = entry(doc, finding);
    if (!theirs.has(key(finding))) node.querySelector(".what").append(el("span", { class: "only" }, "only here"));
    return node;
  });
  const name = SYSTEMS[doc.system];
  return el(
    "section",
    { class: "document", "aria-label": `${name.name}: ${doc.id}`, "data-system": doc.system },
    el(
      "header",
      {},
      el("h3", {}, name.page ? el("a", { href: `${name.page}#d/${encodeURIComponent(doc.id)}` }, name.name) : name.name),
      " ",
      el("span", { class: "count" }, many(errors.length, "error")),
    ),
    doc.box,
    told.length ? el("ol", { class: "entries" }, told) : el("p", { class: "quiet" }, "No error."),
  );
}

function draw() {
  hide();
  const pair = shown.sides.map((system) => documents[shown.document][system]);
  frame.replaceChildren(...pair.map((doc, n) => drawSide(doc, pair[1 - n])));
}

function select(id, label, options, value, change) {
  const node = el(
    "select",
    { id, onchange: () => (change(Number(node.value)), drawChoice(), draw(), document.getElementById(id).focus()) },
    options.map((word, n) => el("option", { value: n, selected: n === value }, word)),
  );
  return el("span", { class: "field" }, el("label", { for: id }, label), node);
}

// The same system is never on both sides: who takes the other's place gives it their own.
function take(n, system) {
  if (shown.sides[1 - n] === system) shown.sides[1 - n] = shown.sides[n];
  shown.sides[n] = system;
}

function tick(n) {
  const box = el("input", {
    type: "checkbox",
    name: "layer",
    value: n,
    onchange: () => {
      if (box.checked) shown.layers.add(n);
      else shown.layers.delete(n);
      draw();
    },
  });
  box.checked = shown.layers.has(n);
  return el("label", { class: "tick" }, box, el("span", { class: `tag ${LAYERS[n]}` }, LAYERS[n]));
}

function drawChoice() {
  const names = SYSTEMS.map(({ name }) => name);
  document.getElementById("choice").replaceChildren(
    el(
      "form",
      { class: "controls", "aria-label": "What is shown", onsubmit: (event) => event.preventDefault() },
      select(
        "document",
        "Document",
        documents.map((sides) => `${sides[0].id} (${shown.sides.map((n) => sides[n].errors).join(" / ")})`),
        shown.document,
        (n) => {
          shown.document = n;
        },
      ),
      select("left", "Left", names, shown.sides[0], (n) => take(0, n)),
      select("right", "Right", names, shown.sides[1], (n) => take(1, n)),
      el("fieldset", {}, el("legend", { class: "unseen" }, "Layers"), given.attempted.map(tick)),
    ),
  );
}

// `s/DOCUMENT` leads to a document; what is not on this page leads nowhere.
function follow() {
  const n = location.hash.startsWith("#s/") ? byName.get(decodeURIComponent(location.hash.slice(3))) : undefined;
  if (n === undefined) return;
  shown.document = n;
  drawChoice();
  draw();
  document.getElementById("texts").scrollIntoView();
}

function onPoint(event) {
  const node = event.target.closest?.("[data-finding], [data-run]");
  const of = node?.closest("section.document")?.dataset.system;
  if (of === undefined) return hide();
  const doc = documents[shown.document][of];
  const finding = doc.findings[node.dataset.finding];
  return finding ? show(doc, finding) : hover(doc, doc.runs[node.dataset.run]);
}

frame.addEventListener("mouseover", onPoint);
frame.addEventListener("mouseleave", hide);
frame.addEventListener("focusin", onPoint);
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
window.addEventListener("hashchange", follow);
drawChoice();
draw();
follow();
