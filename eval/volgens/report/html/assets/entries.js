// A finding in words: what the gold says, what the prediction says, where they differ.

const SHOWN = 100; // characters of a long span
const FACT = {
  bound: "quantity",
  value: "quantity",
  unit: "quantity",
  approx: "quantity",
  "counted.exact": "counted",
  claims: "claimed by",
};
const PARTIAL = new Set(["bound", "unit", "approx", "head"]); // said by the quantity, or by what is counted
const SAID = {
  source_kind: "kind of source",
  source_ref: "source refers to",
  ref: "refers to",
  change: "rose or fell",
  part_of: "part of",
  parent: "within",
};

function quote(doc, start, end) {
  if (doc.text === null) return el("span", { class: "at" }, `${start}–${end}`);
  const text = cut(doc, start, end);
  const told = text.length > SHOWN ? `${text.slice(0, SHOWN - 35)} … ${text.slice(-30)}` : text;
  return el("q", { lang: "nl" }, told);
}

const quotes = (doc, spans) => spans.flatMap(([start, end], n) => [n ? " … " : null, quote(doc, start, end)]);
const value = (doc, fact) =>
  fact === undefined ? ["–"] : typeof fact === "string" ? [el("span", { class: "v" }, fact)] : quotes(doc, fact);

function headline(doc, finding) {
  const told = side(finding, "gold") ?? side(finding, "predicted");
  const what = finding.kinds?.join(", ") ?? (finding.uncounted ? "not counted" : "right");
  const sign = finding.uncounted ? null : shape(family(finding));
  const words = el("span", { class: `word ${family(finding)}` }, sign, what);
  return [
    finding.anchor ? el("a", { class: "link", href: `#${finding.anchor}` }, words) : words,
    " ",
    el("span", { class: `tag ${LAYERS[finding.layer]}` }, told.label),
    " ",
    told.parts ? null : quote(doc, told.start, told.end),
    " ",
    doc.text === null && !told.parts ? null : el("span", { class: "at" }, `${told.start}–${told.end}`),
  ];
}

function body(doc, finding) {
  const [gold, predicted] = SIDES.map((name) => side(finding, name));
  const chains = gold?.parts || predicted?.parts ? drawChains(doc, finding, gold, predicted) : [];
  const facts = factsOf(doc, finding, gold, predicted);
  return [
    ...chains,
    facts.length
      ? el(
          "dl",
          { class: "facts" },
          facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, ...value))),
        )
      : null,
  ].filter(Boolean);
}

// Source → cue → content, the gold above the prediction.
function drawChains(doc, finding, gold, predicted) {
  const rows =
    finding.predicted === true
      ? [["both", gold]]
      : [
          ["gold", gold],
          ["predicted", predicted],
        ].filter(([, told]) => told);
  return rows.map(([name, told]) =>
    el(
      "div",
      { class: `chain ${name}` },
      el("span", { class: "who" }, name),
      ["source", "cue", "content", "antecedent"]
        .filter((part) => part !== "antecedent" || told.parts.antecedent)
        .flatMap((part, n) => [
          n ? el("span", { class: "arrow", "aria-hidden": "true" }, part === "antecedent" ? " = " : " → ") : " ",
          el(
            "span",
            { class: `part ${part}` },
            el("span", { class: "part-name" }, part),
            " ",
            told.parts[part] ? quotes(doc, told.parts[part]) : el("i", {}, "none"),
          ),
        ]),
    ),
  );
}

// Name and value; where the two sides differ: gold → predicted.
function factsOf(doc, finding, gold, predicted) {
  const one = gold ?? predicted;
  const differing = new Set((finding.differs ?? []).map((name) => FACT[name] ?? name));
  const found = [];
  if (gold && predicted && !one.parts && (gold.start !== predicted.start || gold.end !== predicted.end))
    found.push(["text", change([quote(doc, gold.start, gold.end)], [quote(doc, predicted.start, predicted.end)])]);
  if (gold && predicted && gold.label !== predicted.label)
    found.push([finding.layer ? "kind" : "type", change([gold.label], [predicted.label])]);
  for (const name of new Set([...Object.keys(gold?.facts ?? {}), ...Object.keys(predicted?.facts ?? {})])) {
    if (PARTIAL.has(name)) continue;
    const differs = gold && predicted && differing.has(name);
    if (differs) found.push([SAID[name] ?? name, change(value(doc, gold.facts[name]), value(doc, predicted.facts[name]))]);
    else if (!(gold && predicted) || (finding.layer === 1 && one.facts[name]))
      found.push([SAID[name] ?? name, value(doc, one.facts[name])]);
  }
  return found;
}

function change(before, after) {
  return [
    el(
      "span",
      { class: "change" },
      el("span", { class: "unseen" }, "gold "),
      ...before,
      el("span", { class: "arrow", "aria-hidden": "true" }, " → "),
      el("span", { class: "unseen" }, ", predicted "),
      ...after,
    ),
  ];
}

function entry(doc, finding) {
  const told = finding.anchor
    ? { id: finding.anchor, class: "entry error", "data-kinds": finding.kinds.join("|"), "data-layer": LAYERS[finding.layer] }
    : { class: "entry", tabindex: "0" };
  return el(
    "li",
    { ...told, "data-finding": doc.findings.indexOf(finding) },
    el("div", { class: "what" }, ...headline(doc, finding)),
    ...body(doc, finding),
  );
}
