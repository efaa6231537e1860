// The list of documents: which, in what order, on which page, drawn a slice at a time so that the page opens at once.

const PAGE = 200;
const SLICE = 12; // ms of drawing before the browser may do something else
const FIRST = 6; // documents drawn before the page is shown

// The layers that the system attempts: the others have nothing to filter.
const ATTEMPTED = given.attempted;
const unfiltered = () => ({ words: "", layers: new Set(ATTEMPTED), kinds: new Set(), type: "", order: "errors", page: 0 });
const state = unfiltered();
const byAnchor = new Map();
for (const doc of documents) {
  byAnchor.set(doc.anchor, { doc });
  for (const finding of doc.findings) if (finding.anchor) byAnchor.set(finding.anchor, { doc, finding });
}
const list = document.getElementById("list");
let chosen = [];
let waiting = [];

const labels = (finding) => SIDES.map((name) => side(finding, name)?.label).filter((label) => label !== undefined);
const wanted = (finding) =>
  Boolean(finding.kinds) &&
  state.layers.has(finding.layer) &&
  (!state.kinds.size || finding.kinds.some((kind) => state.kinds.has(kind))) &&
  (!state.type || labels(finding).some((label) => state.type === `${finding.layer}:${label}`));

// Of what counts in a document, how much is a wanted error.
const share = (doc) => doc.wanted.length / (doc.findings.filter((finding) => !finding.uncounted).length || 1);

const ORDERS = {
  errors: (a, b) => b.wanted.length - a.wanted.length,
  share: (a, b) => share(b) - share(a),
  id: () => 0,
};

function choose() {
  const words = state.words.toLowerCase();
  for (const doc of documents) doc.wanted = doc.findings.filter(wanted);
  const narrowed = state.kinds.size || state.type;
  chosen = documents.filter(
    (doc) => (!narrowed || doc.wanted.length) && (!words || `${doc.id}\n${doc.text ?? ""}`.toLowerCase().includes(words)),
  );
  chosen.sort((a, b) => ORDERS[state.order](a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function drawDocument(doc) {
  const layers = state.layers;
  const rest = doc.findings.filter((finding) => !finding.kinds && layers.has(finding.layer));
  const right = rest.filter((finding) => !finding.uncounted).length;
  const told = [
    ...doc.about,
    doc.length ? many(doc.length, "character") : null,
    doc.missing ? "missing: counted as an empty prediction" : null,
    doc.text === null ? "without text" : null,
  ]
    .filter(Boolean)
    .join(" · ");
  const without = doc.text === null;
  const shown = without
    ? null
    : el(
        "div",
        { class: "shown", tabindex: "0", role: "group", "aria-label": `Text of ${doc.id}` },
        (doc.box = drawText(doc, layers, wanted)),
      );
  const errors = doc.wanted.length
    ? el(
        "ol",
        { class: "entries" },
        doc.wanted.map((finding) => entry(doc, finding)),
      )
    : el("p", { class: "quiet" }, "No error.");
  const more = el(
    "details",
    {
      class: "rest",
      ontoggle: () =>
        more.childElementCount > 1 ||
        more.append(
          el(
            "ul",
            { class: "entries" },
            rest.map((f) => entry(doc, f)),
          ),
        ),
    },
    el("summary", {}, `Right: ${right}${rest.length > right ? `; not counted: ${rest.length - right}` : ""}`),
  );
  const name = el("h3", {}, el("a", { href: `#${doc.anchor}` }, doc.id));
  const count = el("span", { class: "count" }, many(doc.wanted.length, "error"));
  doc.node.replaceChildren(
    el("header", {}, name, " ", count, " ", el("span", { class: "quiet" }, told)),
    el(
      "div",
      { class: without ? "sides alone" : "sides" },
      shown,
      el("div", { class: "told" }, errors, rest.length ? more : null),
    ),
  );
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
  const to = (n) => () => {
    state.page = n;
    draw();
    document.getElementById("documents").scrollIntoView();
  };
  const [from, till] = [state.page * PAGE + 1, Math.min((state.page + 1) * PAGE, chosen.length)];
  return pager.replaceChildren(
    el(
      "nav",
      { class: "pager", "aria-label": "Pages of documents" },
      el("button", { type: "button", disabled: state.page === 0, onclick: to(state.page - 1) }, "Earlier"),
      el("span", {}, `${from.toLocaleString("en")}–${till.toLocaleString("en")} of ${chosen.length.toLocaleString("en")}`),
      el("button", { type: "button", disabled: state.page === last, onclick: to(state.page + 1) }, "Later"),
    ),
  );
}
