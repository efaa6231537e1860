// The filters, what they leave, and how to read the text.

const total = documents.reduce((sum, doc) => sum + doc.errors, 0);
const status = el("p", { class: "status", role: "status" });
function say() {
  const errors = chosen.reduce((sum, doc) => sum + doc.wanted.length, 0);
  status.textContent = `${chosen.length.toLocaleString("en")} of ${many(documents.length, "document")}, ${errors.toLocaleString("en")} of ${many(total, "error")}`;
}

function changed() {
  state.page = 0;
  draw();
}

function tallied(of) {
  const counts = new Map();
  for (const doc of documents)
    for (const finding of doc.findings)
      if (finding.kinds) for (const name of new Set(of(finding))) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function tick(name, value, set, ...shown) {
  const box = el("input", {
    type: "checkbox",
    name,
    value,
    onchange: () => {
      if (box.checked) set.add(value);
      else set.delete(value);
      changed();
    },
  });
  box.checked = set.has(value);
  return el("label", { class: "tick" }, box, ...shown);
}

function select(name, options, change) {
  const node = el(
    "select",
    {
      id: name,
      name,
      onchange: () => {
        change(node.value);
        changed();
      },
    },
    options,
  );
  return node;
}

let later = 0;
function drawControls() {
  const [layers, words, types] = [
    tallied((f) => [f.layer]),
    tallied((f) => f.kinds),
    tallied((f) => labels(f).map((label) => `${f.layer}:${label}`)),
  ];
  const times = (counts, name) => el("span", { class: "times" }, (counts.get(name) ?? 0).toLocaleString("en"));
  const search = el("input", {
    type: "search",
    id: "search",
    autocomplete: "off",
    oninput: () => {
      clearTimeout(later);
      later = setTimeout(() => {
        state.words = search.value;
        changed();
      }, 120);
    },
  });
  const sorted = [...types.keys()].sort((a, b) => a.localeCompare(b));
  const ofLayer = (n) =>
    sorted
      .filter((type) => type.startsWith(`${n}:`))
      .map((type) => el("option", { value: type }, `${type.slice(2)} (${types.get(type)})`));
  const groups = LAYERS.map((layer, n) => [layer, ofLayer(n)])
    .filter(([, found]) => found.length)
    .map(([layer, found]) => el("optgroup", { label: layer }, found));
  const orders = [
    ["errors", "most errors first"],
    ["share", "largest share wrong first"],
    ["id", "by id"],
  ];
  document.getElementById("controls").replaceChildren(
    el(
      "form",
      {
        class: "controls",
        role: "search",
        "aria-label": "Filters",
        onsubmit: (event) => event.preventDefault(),
        onreset: () => setTimeout(() => reset()),
      },
      el(
        "fieldset",
        {},
        el("legend", {}, "Layers"),
        ATTEMPTED.map((n) => tick("layer", n, state.layers, el("span", { class: `tag ${LAYERS[n]}` }, LAYERS[n]), times(layers, n))),
      ),
      el(
        "details",
        { class: "kinds" },
        el("summary", {}, "Kind of error"),
        el(
          "fieldset",
          {},
          el("legend", { class: "unseen" }, "Kind of error"),
          Object.entries(kinds).map(([kind, of]) =>
            tick("kind", kind, state.kinds, el("span", { class: `word ${of}` }, shape(of), kind), times(words, kind)),
          ),
        ),
      ),
      el(
        "span",
        { class: "field" },
        el("label", { for: "type" }, "Type"),
        select("type", [el("option", { value: "" }, "any"), ...groups], (value) => {
          state.type = value;
        }),
      ),
      el("span", { class: "field" }, el("label", { for: "search" }, "Text or id"), search),
      el(
        "span",
        { class: "field" },
        el("label", { for: "order" }, "Order"),
        select(
          "order",
          orders.map(([value, word]) => el("option", { value }, word)),
          (value) => {
            state.order = value;
          },
        ),
      ),
      el("button", { type: "reset" }, "Clear filters"),
      status,
    ),
  );
}

document.getElementById("controls").after(legend());
document
  .getElementById("steps")
  .append(
    el("button", { type: "button", id: "previous", title: "key p", onclick: () => step(-1) }, "Previous error"),
    el("button", { type: "button", id: "next", title: "key n", onclick: () => step(1) }, "Next error"),
  );

function reset(filters = {}) {
  Object.assign(state, unfiltered(), filters);
  const open = document.querySelector("details.kinds").open;
  drawControls();
  document.querySelector("details.kinds").open = open;
  draw();
}

function legend() {
  const sample = (kind, layer, word) => el("span", { class: `sample ${kind} ${layer}` }, word);
  return el(
    "details",
    { class: "legend" },
    el("summary", {}, "How to read the text"),
    el(
      "p",
      {},
      sample("gold", "entities", "gold"),
      " is underlined, ",
      sample("predicted", "entities", "predicted"),
      " is highlighted, ",
      sample("gold predicted", "entities", "both"),
      " agree. ",
      "Colours: ",
      ATTEMPTED.flatMap((n, place) => [place ? ", " : "", sample("gold predicted", LAYERS[n], LAYERS[n])]),
      ". ",
      "In an attribution the ",
      sample("gold source", "attributions", "source"),
      " has a thin line, the ",
      sample("gold cue", "attributions", "cue"),
      " a thick one, the ",
      sample("gold content", "attributions", "content"),
      " a broken one. ",
      "Inner spans lie nearer to the letters. A sign after a span is an error; the list beside the text says which, as gold → predicted. Point at a span, or move to an error, to see what belongs together.",
    ),
    el(
      "p",
      {},
      "Keys: ",
      el("kbd", {}, "n"),
      " next error, ",
      el("kbd", {}, "p"),
      " previous error, ",
      el("kbd", {}, "/"),
      " search, ",
      el("kbd", {}, "Esc"),
      " let go.",
    ),
  );
}
