"""Other schemes' labels → ours, as the user says (`--map PERSON=PER,MONEY=figure:money,DATE=-`).

A label maps to a type of ours, to `figure` or `figure:KIND` (the item then is a figure), or to `-` (left out, and counted). A
label that the map lacks stays as it is; one that the scheme does not know is then a problem of the check. Nothing is mapped
unasked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from difflib import get_close_matches
from typing import NamedTuple

from volgens.model.problem import Problem, Where
from volgens.model.schema import enumeration
from volgens.readers.foreign.reading import AT, Row

LEFT_OUT = "-"
TYPES = enumeration("entity", "type")
TARGETS = (*TYPES, "figure", *(f"figure:{kind}" for kind in enumeration("figure", "kind") if kind), LEFT_OUT)

ONTONOTES = {
    "PERSON": "PER",
    **dict.fromkeys(("PRODUCT", "WORK_OF_ART", "LAW"), "MISC"),
    **dict.fromkeys(("DATE", "TIME", "ORDINAL", "LANGUAGE", "CARDINAL", "MONEY", "PERCENT", "QUANTITY"), LEFT_OUT),
}
"""For names alone: its numbers are left out, since its modifiers, kinds and durations are not ours."""
SONAR = {"per": "PER", "org": "ORG", "loc": "LOC", "eve": "EVENT", "pro": "MISC", "misc": "MISC"}
WIKINER = {label: label for label in ("PER", "ORG", "LOC", "MISC")}
GLINER = {
    "person": "PER",
    **dict.fromkeys(("organization", "organisation", "company", "political party", "team", "teams"), "ORG"),
    **dict.fromkeys(("country", "city", "state", "province", "gpe"), "GPE"),
    **dict.fromkeys(("nationality", "religion", "norp"), "NORP"),
    **dict.fromkeys(("facility", "building", "airport"), "FAC"),
    **dict.fromkeys(("event", "competition", "competitions"), "EVENT"),
    **dict.fromkeys(("product", "award", "law", "work of art", "book", "movie", "misc"), "MISC"),
    "location": "LOC",
    **dict.fromkeys(("date", "time"), LEFT_OUT),
}
"""The labels of its own examples and of those that are commonly asked for; it has none of its own."""


def _also(form: Callable[[str], str], mapping: Mapping[str, str]) -> dict[str, str]:
    return {**mapping, **{form(label): target for label, target in mapping.items()}}


NAMED: dict[str, dict[str, str]] = {
    "ontonotes": ONTONOTES,
    "spacy-nl": ONTONOTES,
    "sonar": _also(str.upper, SONAR),
    "frog": _also(str.upper, SONAR),
    "wikiner": WIKINER,
    "polyglot": {f"I-{label}": target for label, target in WIKINER.items() if label != "MISC"},
    "gliner": _also(str.capitalize, GLINER),
}
"""Ready maps. Where a scheme has one label for our GPE, LOC and NORP (`sonar`, `wikiner`), it stays LOC: score it in a view that
has no more types than it has (`sonar`, `conll2002`)."""


OTHER = "other-labels"
"""The problem that names a ready map: said once of a file."""

CORPORA = {
    "ontonotes": ("OntoNotes", "ontonotes"),
    "sonar": ("SoNaR", "sonar"),
    "polyglot": ("WikiNER, as Polyglot writes them,", "conll2002"),
    "gliner": ("GLiNER's", None),
}
"""Ready map → whose labels it reads, and the view that compares on the types that both sides have."""


def of_another_corpus(labels: Iterable[str], file: str | None) -> Problem | None:
    """A problem that names the ready map of most labels that the scheme does not know, where that are half of them or more."""
    unknown = set(labels) - set(TYPES)
    known = {name: unknown & NAMED[name].keys() for name in CORPORA}
    best = max(known, key=lambda name: len(known[name]))
    if not unknown or 2 * len(known[best]) < len(unknown):
        return None
    corpus, view = CORPORA[best]
    few = ", ".join(sorted(known[best])[:4])
    hint = f"Read them with `--map {best}`" + (f"; `--view {view}` compares on the types that both sides have." if view else ".")
    return Problem(Where(file, field="entities.type"), OTHER, f"the labels look like those of {corpus} ({few})", hint)


class Mapped(NamedTuple):
    """Rows with our labels, and how many items of each label were left out."""

    rows: list[Row]
    left_out: Counter[str]


class LabelMap(dict[str, str]):
    """A map of which the user wrote only the keys `stated`; the others come from a ready map, and need not occur."""

    def __init__(self, mapping: Mapping[str, str], stated: Iterable[str]) -> None:
        super().__init__(mapping)
        self.stated = frozenset(stated)


def parse_map(text: str) -> tuple[LabelMap, list[Problem]]:
    """`A=B,C=D` as a map; a part without `=` is the name of a ready one, which later parts override."""
    mapping: dict[str, str] = {}
    stated = set()
    problems = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        label, equals, target = (piece.strip() for piece in part.partition("="))
        if not equals and label in NAMED:
            mapping |= NAMED[label]
        elif equals and label and target in TARGETS:
            mapping[label] = target
            stated.add(label)
        else:
            hint = f"Write LABEL=TARGET; targets are {', '.join(TARGETS)}; ready maps are {', '.join(NAMED)}."
            problems.append(Problem(Where(field="--map"), "unknown-map", f"{part!r} maps nothing", hint))
    return LabelMap(mapping, stated), problems


def unused(mapping: Mapping[str, str], rows: Iterable[Row], file: str | None) -> list[Problem]:
    """A problem for each key of the map that the user wrote and that no item of the rows, not yet mapped, has. In a plain
    dictionary
    that is every key."""
    items = (item for row in rows if _stated(mapping) for item in row.get("entities") or ())
    return unused_among(mapping, {item["type"] for item in items if isinstance(item.get("type"), str)}, file)


def _stated(mapping: Mapping[str, str]) -> Set[str]:
    return mapping.stated if isinstance(mapping, LabelMap) else mapping.keys()


def unused_among(mapping: Mapping[str, str], seen: Set[str], file: str | None) -> list[Problem]:
    """As `unused`, by the labels that the items have."""
    problems = []
    for label in sorted(_stated(mapping) - seen):
        close = get_close_matches(label, sorted(seen), n=1, cutoff=0.6)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        hint = f"{hint}The labels here are {', '.join(sorted(seen)) or 'none'}; leave a key out that is not among them."
        message = f"the map has {label!r}, and no item here has that label"
        problems.append(Problem(Where(file, field="--map"), "unused-label", message, hint))
    return problems


def map_labels(rows: Iterable[Row], mapping: Mapping[str, str]) -> Mapped:
    """Rows whose entities have the types that `mapping` says. With a target `figure`, every row has the layer `figures`."""
    left_out: Counter[str] = Counter()
    figures = any(target.startswith("figure") for target in mapping.values())
    mapped = []
    for row in rows:
        new = dict(row)
        if figures:
            new["figures"] = list(row.get("figures") or ())
        if row.get("entities") is not None:
            new["entities"] = []
            for item in row["entities"]:
                label = item.get("type")
                target = mapping.get(label) if isinstance(label, str) else None
                if target is None:
                    new["entities"].append(item)
                elif target == LEFT_OUT:
                    left_out[label] += 1
                elif target.startswith("figure"):
                    place = {key: item[key] for key in ("start", "end", "text", "score", AT) if key in item}
                    new["figures"].append({**place, **({"kind": target[7:]} if target[7:] else {})})
                else:
                    new["entities"].append({**item, "type": target})
        mapped.append(new)
    return Mapped(mapped, left_out)
