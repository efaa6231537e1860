// Links, keys and pointers.

let current = null;

function arrive(doc, finding) {
  if (!chosen.includes(doc) || (finding && !doc.wanted.includes(finding))) reset();
  const page = Math.floor(chosen.indexOf(doc) / PAGE);
  if (page !== state.page) {
    state.page = page;
    draw();
  }
  drawUpTo(doc);
  current = finding ?? null;
  const node = finding ? document.getElementById(finding.anchor) : doc.node;
  for (const old of document.querySelectorAll(".current")) old.classList.remove("current");
  node.classList.add("current");
  if (finding) node.querySelector("a.link").focus({ preventScroll: true });
  else {
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
  }
  // Documents above may still be of estimated height: settle, then again with their true one.
  const scroll = () => node.scrollIntoView({ block: finding ? "center" : "start" });
  scroll();
  requestAnimationFrame(scroll);
  if (finding) show(doc, finding);
}

// `e/LAYER`, `e/LAYER/kind/WORDS` or `e/LAYER/type/LABEL`: the filters of a cell of a table, and the first error that they leave.
function filterBy(hash) {
  const [, layer, name, value] = hash.split("/").map(decodeURIComponent);
  const n = LAYERS.indexOf(layer);
  if (!ATTEMPTED.includes(n)) return;
  reset({
    layers: new Set([n]),
    kinds: new Set(name === "kind" && value in kinds ? [value] : []),
    type: name === "type" ? `${n}:${value}` : "",
  });
  const select = document.getElementById("type");
  select.value = state.type;
  if (select.value !== state.type) select.append(el("option", { value: state.type, selected: true }, `${value} (0)`));
  const doc = chosen.find(({ wanted }) => wanted.length);
  if (doc) arrive(doc, doc.wanted[0]);
  else document.getElementById("documents").scrollIntoView();
}

function follow() {
  const hash = location.hash.slice(1);
  if (hash.startsWith("e/")) return filterBy(hash);
  const found = byAnchor.get(hash);
  return found && arrive(found.doc, found.finding);
}

// All wanted errors in the order of the list; from where the reader is.
function step(by) {
  const flow = chosen.flatMap((doc) => doc.wanted.map((finding) => ({ doc, finding })));
  if (!flow.length) return;
  const at = flow.findIndex(({ finding }) => finding === current);
  const to = at < 0 ? (by > 0 ? 0 : flow.length - 1) : (at + by + flow.length) % flow.length;
  const { doc, finding } = flow[to];
  history.replaceState(null, "", `#${finding.anchor}`);
  arrive(doc, finding);
}

function close() {
  hide();
  document.querySelector("details.kinds").open = false;
}

const KEYS = { n: () => step(1), p: () => step(-1), "/": () => document.getElementById("search").focus(), Escape: close };

function onKey(event) {
  const typing = event.target.closest("input[type=search], select");
  if (event.ctrlKey || event.altKey || event.metaKey || (typing && event.key !== "Escape") || !(event.key in KEYS)) return;
  event.preventDefault();
  if (typing) typing.blur();
  KEYS[event.key]();
}

// Where an event happened: the document, and the finding or the stretch of text.
function where(target) {
  const node = target.closest?.("[data-finding], [data-run]");
  const doc = node && byAnchor.get(node.closest("section.document")?.id)?.doc;
  return doc ? { doc, finding: doc.findings[node.dataset.finding], run: doc.runs?.[node.dataset.run] } : null;
}

function onPoint(event) {
  const at = where(event.target);
  if (!at) return hide();
  return at.finding ? show(at.doc, at.finding) : hover(at.doc, at.run);
}

list.addEventListener("mouseover", onPoint);
list.addEventListener("mouseleave", hide);
list.addEventListener("focusin", onPoint);
document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", (event) => event.target.closest("details.kinds") || close());
list.addEventListener("click", (event) => {
  // a second click on the same link changes no hash
  const link = event.target.closest("a[href]");
  if (link && link.getAttribute("href") === location.hash) follow();
});
window.addEventListener("hashchange", follow);
window.addEventListener("beforeprint", () => drawSome(Infinity));
window.addEventListener("load", () => setTimeout(follow)); // after the browser's own jump, which takes the focus away
drawControls();
draw();
