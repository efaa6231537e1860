"""Invented newswire with gold, and predictions that go wrong in every way; the same for the same seed."""

from __future__ import annotations

import random
from typing import Any

Row = dict[str, Any]

PEOPLE = ["Ada Vos", "Jip Zandstra", "Mees O'Hara", "Noor el Idrissi"]
PLACES = [("Oslo", "oslo"), ("Zuid-Beveland", "zuid-beveland"), ("Ærø", "aero")]
PARTIES = [("Noorse", "Visserijpartij"), ("Deense", "Kustwacht")]
THINGS = ["visnetten", "agenten", "huizen", "🚢-modellen"]
CUES = {"zegt": "assertion", "meldt": "assertion", "vreest": "belief", "weet": "fact"}


class Writer:
    """Text that grows, and what is said of it. Every piece returns its span."""

    def __init__(self, name: str, page: str, kind: str) -> None:
        self.row = {"id": name, "page": page, "kind": kind, "config": "own", "split": "test", "section": "Kust"}
        self.text, self.began = "", 0
        self.segments: list[Row] = []
        self.entities: list[Row] = []
        self.figures: list[Row] = []
        self.attributions: list[Row] = []

    def put(self, words: str) -> dict[str, int]:
        start = len(self.text)
        self.text += words
        return {"start": start, "end": len(self.text)}

    def name(self, words: str, type_: str, role: str | None = None, ref: str | None = None) -> dict[str, int]:
        span = self.put(words)
        self.entities.append(
            {"id": f"e{len(self.entities)}", **span, "type": type_, "role": role, "ref": ref or words.lower().replace(" ", "-")}
        )
        return span

    def party(self, nation: str, name: str) -> dict[str, int]:
        """A name inside a name."""
        inner = self.name(nation, "NORP")
        span = {"start": inner["start"], "end": self.put(f" {name}")["end"]}
        self.entities.append({"id": f"e{len(self.entities)}", **span, "type": "ORG", "role": None, "ref": name.lower()})
        return span

    def figure(self, words: str, value: float | None, counted: str, **more: Any) -> dict[str, int]:
        span = self.put(words)
        self.put(" ")
        what = self.put(counted)
        said = {"kind": "count", "bound": "point", "value": value, "min": None, "max": None, "approx": False, "unit": "1"}
        self.figures.append(
            {"id": f"f{len(self.figures)}", **span, **said, "counted": what, "head": what, "part_of": None, **more}
        )
        return {"start": span["start"], "end": what["end"]}

    def says(
        self, source: list[Row], cue: list[Row], content: list[Row], kind: str, ref: str | None, parent: str | None = None
    ) -> str:
        said = {"kind": kind, "source_kind": "person", "source_ref": ref, "stance": "affirm", "hedged": False, "parent": parent}
        name = f"a{len(self.attributions)}"
        self.attributions.append({"id": name, "source": source, "cue": cue, "content": content, "antecedent": [], **said})
        return name

    def close(self, kind: str) -> None:
        self.segments.append({"kind": kind, "start": self.began, "end": len(self.text), "sha256": ""})
        self.put("\n")
        self.began = len(self.text)

    def done(self) -> Row:
        text = self.text.rstrip("\n")
        layers = {"entities": self.entities, "figures": self.figures, "attributions": self.attributions}
        return {**self.row, "text": text, "length": len(text), "segments": self.segments, **layers}


def article(name: str, page: str, kind: str, sentences: int, rng: random.Random) -> Row:
    """A document: a title, a dateline, then sentences in which someone says how many."""
    w = Writer(name, page, kind)
    w.party(*rng.choice(PARTIES))
    w.put(" telt de netten")
    w.close("title")
    w.name(rng.choice(PLACES)[0].upper(), "GPE", "place")
    w.put(" (KWN) - ")
    w.segments.append({"kind": "dateline", "start": w.began, "end": len(w.text), "sha256": ""})
    w.began = len(w.text)
    for n in range(sentences):
        quoted(w, rng) if n % 2 else plain(w, rng)
        w.put(" ")
        if n % 5 == 4:
            w.close("paragraph")
    w.close("paragraph")
    return w.done()


def plain(w: Writer, rng: random.Random) -> None:
    """A sentence with a split cue and, around it, split content: the attribution's parts interleave."""
    person, (place, ref) = rng.choice(PEOPLE), rng.choice(PLACES)
    start = w.put("In ")["start"]
    w.name(place, "GPE", "place", ref)
    first = {"start": start, "end": len(w.text)}
    w.put(" ")
    cue = w.put("heeft")
    w.put(" ")
    source = w.name(person, "PER")
    w.put(" ")
    rest = w.put("gemeld")
    w.put(" ")
    second = w.put("liggen ")
    count = rng.randrange(2, 3000)
    second["end"] = w.figure(f"meer dan {count}", None, rng.choice(THINGS), bound="min", min=count)["end"]
    w.put(".")
    w.says([source], [cue, rest], [first, second], "assertion", person.lower())


def quoted(w: Writer, rng: random.Random) -> None:
    """One attribution within the content of another."""
    person, (verb, kind), count = rng.choice(PEOPLE), rng.choice(list(CUES.items())), rng.randrange(2, 90)
    outer = w.put("Volgens")
    w.put(" de ")
    party = w.party(*rng.choice(PARTIES))
    party["start"] -= 3
    w.put(" ")
    inner = w.put(verb)
    w.put(" ")
    source = w.name(person, "PER")
    w.put(" ")
    content = w.put("dat er ")
    content["end"] = w.figure(f"zo'n {count}", count, rng.choice(THINGS), approx=True)["end"]
    content["end"] = w.put(" zoek zijn")["end"]
    w.put(".")
    name = w.says([party], [outer], [{"start": inner["start"], "end": content["end"]}], "assertion", "partij")
    w.says([source], [inner], [content], kind, person.lower(), parent=name)


def corpus(documents: int, *, sentences: int = 4, seed: int = 0) -> tuple[list[Row], list[Row]]:
    """Gold and predictions, in the form of the dataset."""
    rng = random.Random(seed)
    gold = []
    for n in range(documents):
        page, place = divmod(n, 4)
        name = f"inv-{page:03}" + (f"-t{place}" if place else "")
        gold.append(article(name, f"inv-{page:03}", "teaser" if place else "article", 1 if place else sentences, rng))
    return gold, [spoil(row, rng) for row in gold]


def spoil(row: Row, rng: random.Random) -> Row:
    """A prediction: the gold with things left out, moved, renamed and made up."""
    size = row["length"]
    entities = [changed for e in row["entities"] for changed in spoil_entity(e, size, rng)]
    figures = [
        {**f, **rng.choice([{}, {}, {"unit": "kg"}, {"value": 7.0}, {"approx": not f["approx"]}, {"kind": "money"}])}
        for f in row["figures"]
    ]
    attributions = [spoil_attribution(a, size, rng) for a in row["attributions"] if rng.random() > 0.15]
    figures = [f for f in figures if rng.random() > 0.1]
    said = {a["id"] for a in attributions}
    attributions = [{**a, "parent": a["parent"] if a["parent"] in said else None} for a in attributions]
    return {"id": row["id"], "entities": entities, "figures": figures, "attributions": attributions}


def spoil_entity(entity: Row, size: int, rng: random.Random) -> list[Row]:
    moved = {**entity, "end": min(entity["end"] + 3, size)}
    made_up = {**entity, "start": max(entity["start"] - 9, 0), "end": max(entity["start"] - 9, 0) + 4, "type": "LOC"}
    ways = [[entity]] * 4 + [
        [],
        [moved],
        [{**entity, "type": "MISC"}],
        [{**entity, "ref": "anders"}],
        [entity, made_up],
        [entity, dict(entity)],
    ]
    return rng.choice(ways)


def spoil_attribution(attribution: Row, size: int, rng: random.Random) -> Row:
    content = attribution["content"]
    crossing = [{"start": content[0]["start"], "end": min(content[-1]["end"] + 12, size)}]
    ways: list[Row] = [
        {},
        {},
        {"content": crossing},
        {"source": []},
        {"stance": "deny"},
        {"kind": "fact"},
        {"source_ref": "anders"},
        {"cue": attribution["cue"][:1]},
    ]
    return {**attribution, **rng.choice(ways)}
