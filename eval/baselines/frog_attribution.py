"""Attributions by Frog's dependency parse: a verb of saying, its subject, its complement. Run it by

    apt-get install frog frogdata
    volgens run eval/baselines/frog_attribution.py:extract

The verbs are those of the rules' lexicon (words.toml), so what differs between the two is how source and content are found: the
rules know word order, this knows a parse. Licence: GPL-3 (Frog, program and models). It has seen nothing of this dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from volgens.model.documents import Span

from baselines.frog import runs
from baselines.frog_server import Server, versions
from baselines.frog_tree import Tree
from baselines.gazetteer import slug
from baselines.lexicon import COMPLEMENTISERS, DOCUMENT_NOUNS, GROUP_NOUNS, MEDIA_NOUNS, NEGATIONS, PERSON_NOUNS
from baselines.words import rows

__all__ = ["extract", "versions"]

_server = Server("ca")
VERBS = {row[0]: (row[2], row[3]) for row in rows("words", "verbs")}
"""Lemma → kind and stance of the verbs of the lexicon."""
NOMINAL = {row[0] for row in rows("words", "verbs") if "n" in row[1]}
"""Verbs whose content may be a noun phrase."""
AUXILIARIES = frozenset(["hebben", "zijn", "worden", "zullen", "kunnen", "moeten", "mogen", "willen"])
CLAUSES, OBJECTS = ("vc", "nucl", "dlink"), ("obj1", "predc")
"""Roles of a complement, the likelier first."""
POINTERS = frozenset(["dat", "dit", "het"])
PERSONS = PERSON_NOUNS | {"hij", "zij", "ze", "ik"}


@dataclass(frozen=True)
class Found:
    """An attribution within a sentence, as sets of its words. `points` if the content only stands for the sentence before."""

    cue: frozenset[int]
    source: frozenset[int]
    content: frozenset[int]
    kind: str = "assertion"
    stance: str = "affirm"
    hedged: bool = False
    points: bool = False


def extract(text: str) -> dict[str, Any]:
    """The layer of attributions. Offsets are code points into `text`, end exclusive."""
    found: list[dict[str, Any]] = []
    before: Tree | None = None
    for sentence in _server.sentences(text):
        tree = Tree(sentence)
        for one in attributions(tree):
            row = _row(tree, one, before, text)
            if row["content"]:
                found.append({"id": f"a{len(found) + 1}", **row})
        before = tree
    return {"attributions": found}


extract.warm_up = _server.start  # type: ignore[attr-defined]


def attributions(tree: Tree) -> Iterator[Found]:
    """Those of one sentence, in the order of their cues."""
    for n, word in enumerate(tree.words):
        if word.tag.startswith("WW(") and (lemma := _verb(tree, n)) in VERBS:
            if (found := _said(tree, n, lemma)) is not None:
                yield found
        elif word.text.lower() in ("volgens", "aldus") and (found := _according(tree, n)) is not None:
            yield found


def _verb(tree: Tree, n: int) -> str:
    """The lemma of a verb with its separable particle before it (`legt … uit`: uitleggen)."""
    particles = tree.children(n, "svp")
    return (tree.words[particles[0]].text.lower() if particles else "") + tree.words[n].lemma


def _said(tree: Tree, n: int, lemma: str) -> Found | None:
    """A verb of saying with its auxiliaries; nothing without a content."""
    chain = _chain(tree, n)
    kind, stance = VERBS[lemma]
    denied = {m for v in chain for m in tree.children(v, "mod") if tree.says(m, NEGATIONS)}
    cue = frozenset({*chain, *denied, *(p for v in chain for p in tree.children(v, "svp"))})
    complement = _complement(tree, n, lemma)
    source = _source(tree, chain, complement) - cue
    content = (complement or _around(tree, chain)) - cue - source
    if not content:
        return None
    points = len(content) == 1 and tree.says(min(content), POINTERS)
    hedged = any(tree.words[v].lemma == "zullen" and ",verl," in tree.words[v].tag for v in chain)
    return Found(cue, source, content, kind, "open" if denied else stance, hedged, points)


def _chain(tree: Tree, n: int) -> list[int]:
    """The verb and the auxiliaries that it depends on."""
    chain = [n]
    while (head := tree.words[chain[-1]].head) is not None and tree.words[chain[-1]].role == "vc":
        if tree.words[head].lemma not in AUXILIARIES:
            break
        chain.append(head)
    return chain


def _source(tree: Tree, chain: Sequence[int], content: frozenset[int]) -> frozenset[int]:
    """The subject; where the parse has none, what it calls an object although the verb has its content."""
    roles = ("su", "obj1") if content else ("su",)
    found = [s for role in roles for v in chain for s in tree.children(v, role) if s not in content]
    return tree.under(found[0]) - content if found else frozenset()


def _complement(tree: Tree, n: int, lemma: str) -> frozenset[int]:
    """What depends on the verb as its clause, as `dat`, or as its object where the verb can have one."""
    clauses = [c for role in CLAUSES for c in tree.children(n, role)]
    if clauses and tree.under(clauses[0]) == {clauses[0]} and tree.says(clauses[0], COMPLEMENTISERS):
        return frozenset(range(clauses[0], len(tree.words)))  # the parse lost what follows `dat`
    objects = [c for role in OBJECTS for c in tree.children(n, role)]
    pointers = [c for c in objects if tree.says(c, POINTERS)]
    best = [*clauses, *pointers, *(objects if lemma in NOMINAL else ())]
    return tree.under(best[0]) if best else frozenset()


def _around(tree: Tree, chain: Sequence[int]) -> frozenset[int]:
    """Without a complement: what stands before the verb, closed by a comma or a quotation mark, else what follows a colon."""
    verb = min(chain)
    if verb and tree.words[verb - 1].text in tree.CLOSING:
        return frozenset(range(verb))
    colon = next((m for m in range(verb + 1, len(tree.words)) if tree.words[m].text == ":"), len(tree.words))
    return frozenset(range(colon + 1, len(tree.words)))


def _according(tree: Tree, n: int) -> Found | None:
    """`volgens X` and `aldus X`: the noun phrase is the source, the rest of the sentence the content."""
    heads = [*tree.children(n, "obj1"), *tree.children(n)]
    source = tree.under(heads[0]) - {n} if heads else frozenset[int]()
    content = tree.all() - {n} - source
    return Found(frozenset([n]), source, content) if source and content else None


def _row(tree: Tree, one: Found, before: Tree | None, text: str) -> dict[str, Any]:
    source = tree.spans(one.source)
    names = [(Span(w[0].span.start, w[-1].span.end), kind) for w, kind in runs(tree.split()) if not w[-1].tag.startswith("ADJ")]
    inside = [(span, kind) for span, kind in names if any(s.covers(span) for s in source)]
    return {
        "cue": _places(tree.pieces(one.cue)),
        "source": _places(source),
        "content": _places(tree.spans(one.content)),
        "antecedent": _places(before.spans(before.all())) if one.points and before else [],
        "kind": one.kind,
        "stance": one.stance,
        "hedged": one.hedged,
        "source_kind": _source_kind(tree, one.source, [kind for _, kind in inside]),
        "source_ref": slug(inside[0][0].cut(text)) if inside else None,
    }


def _source_kind(tree: Tree, source: frozenset[int], names: Sequence[str]) -> str:
    """By its nouns, else by the name of a person in it."""
    if not source:
        return "none"
    nouns = {tree.words[n].text.lower() for n in source}
    for kind, listed in (("document", DOCUMENT_NOUNS), ("media", MEDIA_NOUNS), ("group", GROUP_NOUNS)):
        if nouns & listed:
            return kind
    return "person" if "PER" in names or nouns & PERSONS else "institution"


def _places(spans: Sequence[Span]) -> list[dict[str, int]]:
    return [span._asdict() for span in spans]
