// The list of documents: filters, order, pages, and the drawing of what is on the page, a slice at a time so that it opens at once.

const PAGE = 200;
const SLICE = 12; // ms of drawing before the browser may do something else
const FIRST = 6; // documents drawn before the page is shown

const state = { words: "", layers: new Set([0, 1, 2]), kinds: new Set(), type: "", order: "errors", page: 0 };
const byAnchor = new Map();
for (const doc of documents) {
  byAnchor.set(doc.anchor, { doc });
  for (const finding of doc.findings) if (finding.anchor) byAnchor.set(finding.anchor, { doc, finding });
}
const list = document.getElementById("list");
let chosen = [];
let waiting = [];

const labels = (finding) => SIDES.map((name) => side(finding, name)?.label).filter((label) => label !== undefined);
const wanted = (finding) => Boolean(finding.kinds) && state.layers.has(finding.layer)
  && (!state.kinds.size || finding.kinds.some((kind) => state.kinds.has(kind)))
  && (!state.type || labels(finding).some((label) => state.type === `${finding.layer}:${label}`));

const ORDERS = {
  errors: (a, b) => b.wanted.length - a.wanted.length,
  share: (a, b) => b.wanted.length / (b.findings.length || 1) - a.wanted.length / (a.findings.length || 1),
  id: () => 0,
};

function choose() {
  const words = state.words.toLowerCase();
  for (const doc of documents) doc.wanted = doc.findings.filter(wanted);
  const narrowed = state.kinds.size || state.type;
  chosen = documents.filter((doc) => (!narrowed || doc.wanted.length) && (!words || `${doc.id}\n${doc.text ?? ""}`.toLowerCase().includes(words)));
  chosen.sort((a, b) => ORDERS[state.order](a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function drawDocument(doc) {
  const layers = state.layers;
  const rest = doc.findings.filter((finding) => !finding.kinds && layers.has(finding.layer));
  const right = rest.filter((finding) => !finding.uncounted).length;
  const told = [...doc.about, doc.length ? many(doc.length, "character") : null, doc.missing ? "missing: counted as silence" : null, doc.text === null ? "without text" : null].filter(Boolean).join(" · ");
  const without = doc.text === null;
  const shown = without ? null : el("div", { class: "shown", tabindex: "0", role: "group", "aria-label": `Text of ${doc.id}` }, (doc.box = drawText(doc, layers, wanted)));
  const errors = doc.wanted.length ? el("ol", { class: "entries" }, doc.wanted.map((finding) => entry(doc, finding))) : el("p", { class: "quiet" }, "No error.");
  const more = el("details", { class: "rest", ontoggle: () => more.childElementCount > 1 || more.append(el("ul", { class: "entries" }, rest.map((f) => entry(doc, f)))) },
    el("summary", {}, `Right: ${right}${rest.length > right ? `; not counted: ${rest.length - right}` : ""}`));
  const name = el("h3", {}, el("a", { href: `#${doc.anchor}` }, doc.id));
  const count = el("span", { class: "count" }, many(doc.wanted.length, "error"));
  doc.node.replaceChildren(el("header", {}, name, " ", count, " ", el("span", { class: "quiet" }, told)), el("div", { class: without ? "sides alone" : "sides" }, shown, el("div", { class: "told" }, errors, rest.length ? more : null)));
  doc.drawn = true;
}

function draw() {
  hide();
  choose();
  const last = Math.max(0, Math.ceil(chosen.length / PAGE) - 1);
  state.page = Math.min(state.page, last);
  const here = chosen.slice(state.page * PAGE, (state.page + 1) * PAGE);
  for (const doc of documents) [doc.drawn, doc.box, doc.runs] = [false, null, null];
  for (const doc of here) doc.node = el("section", { class: "document", id: doc.anchor, "aria-label": doc.id });
  list.replaceChildren(...here.map((doc) => doc.node));
  waiting = here;
  drawSome(FIRST);
  drawPager(last);
  say();
}

function drawSome(atLeast) {
  const until = performance.now() + SLICE;
  let n = 0;
  while (waiting.length && (n++ < atLeast || performance.now() < until)) {
    const doc = waiting[0];
    waiting = waiting.slice(1);
    if (!doc.drawn) drawDocument(doc);
  }
  if (waiting.length) {
    const now = waiting;
    setTimeout(() => waiting === now && drawSome(0));
  }
}

// All above a document too: what is drawn later would push it away from where the reader was led.
function drawUpTo(doc) {
  for (const above of chosen.slice(state.page * PAGE, chosen.indexOf(doc) + 1)) if (!above.drawn) drawDocument(above);
}

function drawPager(last) {
  const pager = document.getElementById("pager");
  if (!last) return pager.replaceChildren();
  const to = (n) => () => { state.page = n; draw(); document.getElementById("documents").scrollIntoView(); };
  const [from, till] = [state.page * PAGE + 1, Math.min((state.page + 1) * PAGE, chosen.length)];
  return pager.replaceChildren(el("nav", { class: "pager", "aria-label": "Pages of documents" },
    el("button", { type: "button", disabled: state.page === 0, onclick: to(state.page - 1) }, "Earlier"),
    el("span", {}, `${from.toLocaleString("en")}–${till.toLocaleString("en")} of ${chosen.length.toLocaleString("en")}`),
    el("button", { type: "button", disabled: state.page === last, onclick: to(state.page + 1) }, "Later")));
}

// Controls

const total = documents.reduce((sum, doc) => sum + doc.errors, 0);
const status = el("p", { class: "status", role: "status" });
function say() {
  const errors = chosen.reduce((sum, doc) => sum + doc.wanted.length, 0);
  status.textContent = `${chosen.length.toLocaleString("en")} of ${many(documents.length, "document")}, ${errors.toLocaleString("en")} of ${many(total, "error")}`;
}

function changed() { state.page = 0; draw(); }

function tallied(of) {
  const counts = new Map();
  for (const doc of documents) for (const finding of doc.findings) if (finding.kinds) for (const name of new Set(of(finding))) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function tick(name, value, set, ...shown) {
  const box = el("input", { type: "checkbox", name, value, onchange: () => { if (box.checked) set.add(value); else set.delete(value); changed(); } });
  box.checked = set.has(value);
  return el("label", { class: "tick" }, box, ...shown);
}

function select(name, options, change) {
  const node = el("select", { id: name, name, onchange: () => { change(node.value); changed(); } }, options);
  return node;
}

let later = 0;
function drawControls() {
  const [layers, words, types] = [tallied((f) => [f.layer]), tallied((f) => f.kinds), tallied((f) => labels(f).map((label) => `${f.layer}:${label}`))];
  const times = (counts, name) => el("span", { class: "times" }, (counts.get(name) ?? 0).toLocaleString("en"));
  const search = el("input", { type: "search", id: "search", autocomplete: "off", oninput: () => { clearTimeout(later); later = setTimeout(() => { state.words = search.value; changed(); }, 120); } });
  const sorted = [...types.keys()].sort((a, b) => a.localeCompare(b));
  const ofLayer = (n) => sorted.filter((type) => type.startsWith(`${n}:`)).map((type) => el("option", { value: type }, `${type.slice(2)} (${types.get(type)})`));
  const groups = LAYERS.map((layer, n) => [layer, ofLayer(n)]).filter(([, found]) => found.length).map(([layer, found]) => el("optgroup", { label: layer }, found));
  const orders = [["errors", "most errors first"], ["share", "largest share wrong first"], ["id", "by id"]];
  document.getElementById("controls").replaceChildren(
    el("form", { class: "controls", role: "search", "aria-label": "Filters", onsubmit: (event) => event.preventDefault(), onreset: () => setTimeout(reset) },
      el("fieldset", {}, el("legend", {}, "Layers"), LAYERS.map((layer, n) => tick("layer", n, state.layers, el("span", { class: `tag ${layer}` }, layer), times(layers, n)))),
      el("details", { class: "kinds" }, el("summary", {}, "Kind of error"), el("fieldset", {}, el("legend", { class: "unseen" }, "Kind of error"),
        Object.entries(kinds).map(([kind, of]) => tick("kind", kind, state.kinds, el("span", { class: `word ${of}` }, shape(of), kind), times(words, kind))))),
      el("span", { class: "field" }, el("label", { for: "type" }, "Type"), select("type", [el("option", { value: "" }, "any"), ...groups], (value) => { state.type = value; })),
      el("span", { class: "field" }, el("label", { for: "search" }, "Text or id"), search),
      el("span", { class: "field" }, el("label", { for: "order" }, "Order"), select("order", orders.map(([value, word]) => el("option", { value }, word)), (value) => { state.order = value; })),
      el("button", { type: "reset" }, "Clear filters"),
      status));
}

document.getElementById("controls").after(legend());
document.getElementById("steps").append(
  el("button", { type: "button", id: "previous", title: "key p", onclick: () => step(-1) }, "Previous error"),
  el("button", { type: "button", id: "next", title: "key n", onclick: () => step(1) }, "Next error"));

function reset() {
  Object.assign(state, { words: "", layers: new Set([0, 1, 2]), kinds: new Set(), type: "", order: "errors", page: 0 });
  const open = document.querySelector("details.kinds").open;
  drawControls();
  document.querySelector("details.kinds").open = open;
  draw();
}

function legend() {
  const sample = (kind, layer, word) => el("span", { class: `sample ${kind} ${layer}` }, word);
  return el("details", { class: "legend" }, el("summary", {}, "How to read the text"),
    el("p", {}, sample("gold", "entities", "gold"), " is underlined, ", sample("predicted", "entities", "predicted"), " is highlighted, ", sample("gold predicted", "entities", "both"), " agree. ",
      "Colours: ", LAYERS.flatMap((layer, n) => [n ? ", " : "", sample("gold predicted", layer, layer)]), ". ",
      "In an attribution the ", sample("gold source", "attributions", "source"), " has a thin line, the ", sample("gold cue", "attributions", "cue"), " a thick one, the ", sample("gold content", "attributions", "content"), " a broken one. ",
      "Inner spans lie nearer to the letters. A sign after a span is an error; the list beside the text says which, as gold → predicted. Point at a span, or move to an error, to see what belongs together."),
    el("p", {}, "Keys: ", el("kbd", {}, "n"), " next error, ", el("kbd", {}, "p"), " previous error, ", el("kbd", {}, "/"), " search, ", el("kbd", {}, "Esc"), " let go."));
}
