"""Synthetic newswire for the benchmark: documents with all three layers, and predictions with a given share of mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np

TYPES = ("PER", "ORG", "GPE", "LOC", "NORP")
KINDS = ("count", "money", "percent", "duration")
BOUNDS = ("point", "min", "max", "vague")
WIDTH = 9
"""Characters of a word with the space behind it; a document is words of one length, so offsets are simple."""


def corpus(documents: int, seed: int, noise: float = 0.2, nested: int = 0) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Gold rows and predicted rows. A document has 60 words, 6-10 names, 2-4 figures, 2-4 attributions, in text order as the
    dataset and most tools have them; `nested` more names lie inside and across each other."""
    rng = np.random.default_rng(seed)
    gold = [_document(f"d{n:08d}", rng, nested) for n in range(documents)]
    return gold, [_guess(row, rng, noise) for row in gold]


def _document(name: str, rng: np.random.Generator, nested: int) -> dict[str, Any]:
    words = rng.permutation(60)
    names = [_name(w, rng) for w in words[: rng.integers(6, 11)].tolist()]
    names = sorted([*names, *(_tangled(k, rng) for k in range(nested))], key=lambda e: (e["start"], e["end"]))
    figures = [_figure(k, w, rng) for k, w in enumerate(sorted(words[10 : 10 + rng.integers(2, 5)].tolist()))]
    said = [_attribution(k, w, rng) for k, w in enumerate(sorted(words[14 : 14 + rng.integers(2, 5)].tolist()))]
    return {"id": name, "length": 66 * WIDTH, "entities": names, "figures": figures, "attributions": said}


def _at(word: int, words: int = 1) -> dict[str, int]:
    return {"start": word * WIDTH, "end": (word + words) * WIDTH - 1}


def _name(word: int, rng: np.random.Generator) -> dict[str, Any]:
    kind = TYPES[rng.integers(len(TYPES))]
    role = ("actor", "place")[rng.integers(2)] if kind == "GPE" else None
    return {"id": f"e{word}", **_at(word), "type": kind, "role": role, "ref": f"naam-{rng.integers(500)}"}


def _tangled(depth: int, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "id": f"n{depth}",
        **_at(int(rng.integers(0, 8)), 8 - depth % 8),
        "type": TYPES[depth % 5],
        "role": None,
        "ref": "naam-1",
    }


def _figure(k: int, word: int, rng: np.random.Generator) -> dict[str, Any]:
    bound = BOUNDS[rng.integers(len(BOUNDS))]
    number = float(rng.integers(1, 9999))
    limits = {
        name: number if name == {"point": "value", "vague": "min"}.get(bound, bound) else None for name in ("value", "min", "max")
    }
    kind = KINDS[rng.integers(len(KINDS))]
    counted = {"counted": _at(word + 1), "head": _at(word + 1)} if kind == "count" else {"counted": None, "head": None}
    unit = {"count": "1", "money": "EUR", "percent": "%", "duration": "d"}[kind]
    return {
        "id": f"f{k}",
        **_at(word),
        "kind": kind,
        "bound": bound,
        **limits,
        "approx": bool(rng.integers(2)),
        "unit": unit,
        **counted,
        "part_of": None,
    }


def _attribution(k: int, word: int, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "id": f"a{k}",
        "source": [_at(word)],
        "cue": [_at(word + 1)],
        "content": [_at(word + 2, int(rng.integers(1, 5)))],
        "antecedent": [],
        "kind": ("assertion", "belief", "fact")[rng.integers(3)],
        "source_kind": ("person", "institution")[rng.integers(2)],
        "source_ref": f"naam-{rng.integers(500)}",
        "stance": ("affirm", "deny")[rng.integers(2)],
        "hedged": bool(rng.integers(2)),
        "parent": None,
    }


def _guess(row: dict[str, Any], rng: np.random.Generator, noise: float) -> dict[str, Any]:
    names = [{**e, **_blurred(e, rng, noise)} for e in row["entities"] if rng.random() > noise / 2]
    names = [{**e, "type": TYPES[rng.integers(5)]} if rng.random() < noise / 2 else e for e in names]
    figures = [{**f, "unit": "1" if rng.random() < noise else f["unit"]} for f in row["figures"] if rng.random() > noise / 2]
    heard = [a for a in row["attributions"] if rng.random() > noise / 2]
    said = [{**a, "content": [{**s, **_blurred(s, rng, noise)} for s in a["content"]]} for a in heard]
    return {"id": row["id"], "entities": names, "figures": figures, "attributions": said}


def _blurred(span: dict[str, int], rng: np.random.Generator, noise: float) -> dict[str, int]:
    return {"start": span["start"] + int(rng.random() < noise / 2) * 2, "end": span["end"]}
