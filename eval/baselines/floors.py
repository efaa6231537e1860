"""Two floors: what a score is worth before anything is understood. Neither knows the gold, its rates or the scheme's decisions.

volgens run eval/baselines/floors.py:capitals
volgens run eval/baselines/floors.py:at_random
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from volgens.curation.grammar.numerals import read_numeral

from baselines.learned_features import Unit, units
from baselines.tokens import Token

SEED = 0
TYPES = ("PER", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "MISC")
BOUNDS = ("point", "min", "max", "range", "vague")
KINDS = ("count", "money", "percent", "measure", "duration", "age", "ratio", "score")

WORDS_A_NAME, WORDS_A_FIGURE, SENTENCES_AN_ATTRIBUTION = 10, 50, 2
"""Round rates of the random floor: one name in ten words, one figure in fifty, an attribution in every other sentence."""

Row = dict[str, Any]


def capitals(text: str) -> dict[str, Any]:
    """Every run of capitalised words is a name, of the scheme's first type, and every number in digits counts something."""
    names, figures = list[Row](), list[Row]()
    for unit in units(text):
        for capital, run in groupby(unit.tokens, key=lambda token: token.is_capital):
            if capital:
                names.append({**_place(list(run)), "type": TYPES[0]})
        figures += [_count(token) for token in unit.tokens if token.text[0].isdigit()]
    return {"entities": names, "figures": figures}


def _count(token: Token) -> Row:
    value = read_numeral(token.text)
    return {**_place([token]), "kind": KINDS[0], "bound": BOUNDS[0], "value": value, "unit": "1", "approx": False}


def _place(tokens: list[Token]) -> Row:
    return {"start": tokens[0].start, "end": tokens[-1].end}


def at_random(text: str) -> dict[str, Any]:
    """Words drawn blindly, fields drawn evenly from their values. The draw is a function of the text and the seed."""
    drawn = random.Random(f"{SEED} {hashlib.sha256(text.encode()).hexdigest()}")
    found = units(text)
    return {
        "entities": [row for unit in found for row in _names(unit, drawn)],
        "figures": [row for unit in found for row in _figures(unit, drawn)],
        "attributions": [row for unit in found for row in _attributions(unit, drawn)],
    }


def _stretches(unit: Unit, drawn: random.Random, rate: int, longest: int) -> Iterator[Row]:
    """Stretches of one to `longest` words, none overlapping, begun at one word in `rate`."""
    words, n = _words(unit), 0
    while n < len(words):
        size = drawn.randint(1, longest) if drawn.randrange(rate) == 0 else 0
        if size:
            yield _place(words[n : n + size])
        n += size or 1


def _words(unit: Unit) -> list[Token]:
    return [token for token in unit.tokens if re.match(r"\w", token.text)]


def _names(unit: Unit, drawn: random.Random) -> Iterator[Row]:
    for place in _stretches(unit, drawn, WORDS_A_NAME, 2):
        kind = drawn.choice(TYPES)
        yield {**place, "type": kind} | ({"role": drawn.choice(("actor", "place"))} if kind == "GPE" else {})


def _figures(unit: Unit, drawn: random.Random) -> Iterator[Row]:
    for place in _stretches(unit, drawn, WORDS_A_FIGURE, 2):
        bound, number = drawn.choice(BOUNDS), float(drawn.randint(1, 10))
        numbers = {"point": {"value": number}, "range": {"min": number, "max": 2 * number}, "vague": {"min": number}}
        given = numbers.get(bound, {bound: number})
        yield {**place, "kind": drawn.choice(KINDS), "bound": bound, **given, "unit": "1", "approx": drawn.random() < 0.5}


def _attributions(unit: Unit, drawn: random.Random) -> Iterator[Row]:
    """A word as cue; the words before and after it are source and content, which is which by lot."""
    words = _words(unit)
    if len(words) < 3 or drawn.randrange(SENTENCES_AN_ATTRIBUTION):
        return
    at = drawn.randrange(1, len(words) - 1)
    source, content = drawn.sample([words[:at], words[at + 1 :]], 2)
    yield {
        "cue": [_place([words[at]])],
        "source": [_place(source)],
        "content": [_place(content)],
        "kind": drawn.choice(("assertion", "belief", "fact")),
        "stance": drawn.choice(("affirm", "deny", "open")),
        "hedged": drawn.random() < 0.5,
        "source_kind": drawn.choice(("person", "institution", "media", "document", "group", "none")),
    }
