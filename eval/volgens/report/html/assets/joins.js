// What belongs together, shown on hover and focus: source, cue and content joined, a figure joined to who claims it.

function runsOf(doc, spans) {
  return (doc.runs ?? []).filter((run) => spans.some(([start, end]) => run.start < end && start < run.end));
}

function show(doc, finding) {
  hide();
  if (!doc.box?.isConnected || doc.text === null) return;
  const sides = SIDES.map((name) => [name, side(finding, name)]).filter(([, told]) => told);
  const spans = sides.flatMap(([, told]) => told.pieces.map((piece) => [piece.start, piece.end]));
  for (const run of runsOf(doc, spans)) run.node.classList.add("lit");
  reveal(doc);
  const links = sides.flatMap(([name, told]) =>
    name === "predicted" && finding.predicted === true ? [] : chain(told).map((pair) => ({ name, pair })),
  );
  if (!links.length) return;
  const layer = drawn("svg", { class: `joins ${LAYERS[finding.layer]}`, "aria-hidden": "true" });
  doc.box.append(layer);
  const done = new Set();
  const labels = [];
  for (const { name, pair } of links) {
    const same = JSON.stringify(pair);
    if (!done.has(same)) drawJoin(doc, layer, labels, name, pair);
    done.add(same);
  }
}

// Where the text scrolls in a frame of its own, bring the first lit span into it.
function reveal(doc) {
  const [frame, run] = [doc.box.parentElement, doc.box.querySelector(".lit")];
  if (!run || frame.scrollHeight <= frame.clientHeight || doc.box.matches(":hover")) return;
  const [inner, outer] = [run.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (inner.top < outer.top + 24 || inner.bottom > outer.bottom - 24) frame.scrollTop += inner.top - outer.top - outer.height / 3;
}

// Pairs of places to join, each with its word.
function chain(told) {
  const claimants = told.facts["claimed by"];
  if (Array.isArray(claimants))
    return [
      [
        ["claimed by", claimants],
        ["figure", [[told.start, told.end]]],
      ],
    ];
  const present = ["source", "cue", "content"].filter((part) => told.parts?.[part]).map((part) => [part, told.parts[part]]);
  const links = present.slice(1).map((later, n) => [present[n], later]);
  if (told.parts?.antecedent) links.push([["antecedent", told.parts.antecedent], present.at(-1)]);
  return links.length ? links : present.map((part) => [part, part]);
}

function drawJoin(doc, layer, labels, name, pair) {
  const frame = doc.box.getBoundingClientRect();
  const ends = pair.map(([word, spans]) => ({ word, rect: runsOf(doc, [spans[0]])[0]?.node.getClientRects()[0] }));
  if (ends.some(({ rect }) => !rect)) return;
  const [a, b] = ends.map(({ word, rect }) => ({
    word,
    x: rect.left - frame.left + Math.min(rect.width / 2, 24),
    y: rect.top - frame.top,
  }));
  const lift = a.y === b.y ? 16 : 10;
  if (pair[0] !== pair[1]) {
    const bend = `M${a.x} ${a.y}C${a.x} ${a.y - lift} ${b.x} ${b.y - lift} ${b.x} ${b.y - 2}`;
    layer.append(
      drawn("path", { class: `join ${name}`, d: bend }),
      drawn("path", { class: "head", d: `M${b.x - 3.5} ${b.y - 6}L${b.x} ${b.y}L${b.x + 3.5} ${b.y - 6}z` }),
    );
  }
  for (const at of [a, b]) drawLabel(layer, labels, at);
}

// A word above its span, once, and clear of the words already there.
function drawLabel(layer, labels, at) {
  if (labels.some((other) => other.at.x === at.x && other.at.y === at.y && other.at.word === at.word)) return;
  const place = { x: Math.max(at.x - 14, 0), y: Math.max(at.y - 9, 8) };
  const width = 6.5 * at.word.length;
  while (
    labels.some(
      (other) =>
        Math.abs(other.place.y - place.y) < 10 && place.x < other.place.x + other.width && other.place.x < place.x + width,
    )
  )
    place.y -= 10;
  labels.push({ at, place, width });
  layer.append(drawn("text", place, at.word));
}

function hide() {
  for (const node of document.querySelectorAll(".lit")) node.classList.remove("lit");
  for (const node of document.querySelectorAll("svg.joins, .card")) node.remove();
}

// The innermost finding under the pointer, and a card that says what all of them are.
function hover(doc, run) {
  const bySize = [...run.active].sort((a, b) => a.end - a.start - (b.end - b.start));
  const found = [...new Set(bySize.map((piece) => piece.finding))];
  show(doc, found[0]);
  const card = el(
    "div",
    { class: "card", "aria-hidden": "true" },
    found.slice(0, 6).map((finding) => el("div", {}, ...headline(doc, finding), ...body(doc, finding))),
  );
  document.body.append(card);
  const boxes = [...run.node.getClientRects()];
  const [top, bottom, left] = [boxes[0].top, boxes.at(-1).bottom, boxes.at(-1).left];
  const below = bottom + 4 + card.offsetHeight <= innerHeight;
  card.style.left = `${Math.max(4, Math.min(left, innerWidth - card.offsetWidth - 8))}px`;
  card.style.top = `${below ? bottom + 4 : Math.max(4, top - card.offsetHeight - 14)}px`;
}
