// The text of a document: gold underlined, predictions highlighted, each span on a lane of its own so that what nests or crosses stays apart.

const LINE = 4; // px from one underline to the next
const RISE = 3; // px by which an outer highlight is taller than the one inside it
const STRONG = { entities: 24, figures: 26, attributions: 20 };
const WEAK = 9; // content is long; it must not drown what stands in it
const DASHES = { content: "3px 6px", antecedent: "1.5px 5px" };

function paragraphs(doc) {
  const length = points(doc).length;
  const marked = doc.segments.length ? [...doc.segments].sort((a, b) => a[1] - b[1]) : lines(doc);
  const found = [];
  let at = 0;
  for (const [kind, start, end] of marked) {
    if (start > at && cut(doc, at, start).trim()) found.push({ kind: "paragraph", start: at, end: start });
    const before = found.at(-1);
    if (before?.kind === "dateline") Object.assign(before, { kind, end });
    else found.push({ kind, start, end });
    at = Math.max(at, end);
  }
  if (cut(doc, at, length).trim()) found.push({ kind: "paragraph", start: at, end: length });
  return found;
}

function lines(doc) {
  let at = 0;
  return cut(doc, 0, points(doc).length)
    .split("\n")
    .map((line) => {
      const start = at;
      const end = start + Array.from(line).length;
      at = end + 1;
      return ["paragraph", start, end];
    });
}

// Every stretch that a finding marks, on either side, in the layers that are shown.
function pieces(doc, layers) {
  return doc.findings.flatMap((finding, n) =>
    layers.has(finding.layer)
      ? SIDES.flatMap((name) => {
          const told = side(finding, name);
          return told
            ? told.pieces.map((piece) => ({ ...piece, n, finding, gold: name === "gold", layer: LAYERS[finding.layer] }))
            : [];
        })
      : [],
  );
}

// Shortest first, each on the lowest lane that no overlapping one has taken: an inner span lies nearer to the letters.
function assignLanes(found) {
  const placed = [];
  for (const piece of [...found].sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start)) {
    const taken = new Set(placed.filter((o) => o.start < piece.end && piece.start < o.end).map((o) => o.lane));
    piece.lane = 0;
    while (taken.has(piece.lane)) piece.lane += 1;
    placed.push(piece);
  }
  return 1 + Math.max(-1, ...found.map((piece) => piece.lane));
}

function drawText(doc, layers, marked) {
  const box = el("div", { class: "text", lang: "nl" });
  const all = pieces(doc, layers);
  doc.runs = [];
  const anchors = doc.findings
    .filter(marked)
    .map((finding) => ({ finding, at: (side(finding, "gold") ?? side(finding, "predicted")).end }));
  const blocks = paragraphs(doc);
  blocks.forEach((block, n) => {
    const inside = all.filter((piece) => piece.start < block.end && block.start < piece.end).map((piece) => ({ ...piece }));
    const last = n === blocks.length - 1;
    const here = anchors.filter(({ at }) => at > (n ? blocks[n - 1].end : -1) && (at <= block.end || last));
    box.append(drawBlock(doc, block, inside, here));
  });
  return box;
}

function drawBlock(doc, block, inside, anchors) {
  const size = { gold: assignLanes(inside.filter((p) => p.gold)), predicted: assignLanes(inside.filter((p) => !p.gold)) };
  const room = { below: size.gold * LINE + 1, above: Math.max(size.predicted - 1, 0) * RISE };
  const node = el("p", { class: block.kind });
  node.style.lineHeight = `calc(1.4em + ${room.below + room.above + 6}px)`;
  const within = (at) => Math.min(Math.max(at, block.start), block.end);
  const edges = new Set([
    block.start,
    block.end,
    ...inside.flatMap((p) => [within(p.start), within(p.end)]),
    ...anchors.map(({ at }) => within(at)),
  ]);
  const cuts = [...edges].sort((a, b) => a - b);
  const waiting = [...inside].sort((a, b) => a.start - b.start);
  let active = [];
  let next = 0;
  cuts.slice(0, -1).forEach((start, n) => {
    const end = cuts[n + 1];
    active = active.filter((piece) => piece.end > start);
    while (next < waiting.length && waiting[next].start <= start) active.push(waiting[next++]);
    node.append(active.length ? drawRun(doc, start, end, active, room, size) : cut(doc, start, end));
    for (const anchor of anchors) if (within(anchor.at) === end) node.append(mark(doc, anchor.finding));
  });
  return node;
}

function drawRun(doc, start, end, active, room, size) {
  const run = el("span", { class: "run" }, cut(doc, start, end));
  const over = active.filter((p) => !p.gold).sort((a, b) => a.lane - b.lane);
  const layers = [
    ...active.filter((p) => p.gold).map((p) => underline(p, start, end, size)),
    ...over.flatMap((p) => highlight(p, start, end, room, size)),
  ];
  run.style.background = layers.join(", ");
  run.style.padding = `${room.above + 1}px 0 ${room.below}px`;
  doc.runs.push({ start, end, node: run, active: [...active] });
  run.dataset.run = doc.runs.length - 1;
  return run;
}

const ink = (piece) => (piece.finding.uncounted ? "var(--quiet)" : `var(--${piece.layer})`);

function underline(piece, start, end, size) {
  const colour = ink(piece);
  const thick = piece.part === "cue" ? 3 : 2;
  const dashes = piece.finding.uncounted ? "2px 4px" : DASHES[piece.part];
  const paint = dashes
    ? `repeating-linear-gradient(90deg, ${colour} 0 ${dashes.split(" ")[0]}, transparent 0 ${dashes.split(" ")[1]})`
    : `linear-gradient(${colour}, ${colour})`;
  const [first, last] = [piece.start === start, piece.end === end];
  const short = (first ? 1 : 0) + (last ? 1 : 0); // a gap of two pixels between neighbours
  return `${paint} left ${first ? 1 : 0}px bottom ${(size.gold - 1 - piece.lane) * LINE}px / calc(100% - ${short}px) ${thick}px no-repeat`;
}

function highlight(piece, start, end, room, size) {
  const colour = ink(piece);
  const strength = piece.finding.uncounted ? WEAK : DASHES[piece.part] ? WEAK : STRONG[piece.layer];
  const top = (size.predicted - 1 - piece.lane) * RISE;
  const height = `calc(100% - ${top + room.below}px)`;
  const tint = `color-mix(in srgb, ${colour} ${strength}%, transparent)`;
  const edge = `color-mix(in srgb, ${colour} 75%, transparent)`;
  const found = [];
  if (piece.start === start) found.push(`linear-gradient(${edge}, ${edge}) left 0 top ${top}px / 1.5px ${height} no-repeat`);
  if (piece.end === end) found.push(`linear-gradient(${edge}, ${edge}) right 0 top ${top}px / 1.5px ${height} no-repeat`);
  found.push(`linear-gradient(${tint}, ${tint}) left 0 top ${top}px / 100% ${height} no-repeat`);
  return found;
}

// The sign of an error in the text, a link to its entry.
function mark(doc, finding) {
  const told = side(finding, "gold") ?? side(finding, "predicted");
  const said = `${finding.kinds.join(", ")}: ${told.label} ${cut(doc, told.start, told.end)}`;
  return el(
    "a",
    { class: "mark", href: `#${finding.anchor}`, "aria-label": said, lang: "en", "data-finding": doc.findings.indexOf(finding) },
    shape(family(finding)),
  );
}
