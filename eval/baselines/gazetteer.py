"""Names that the rules know: countries with adjectives, people and capitals, places, organisations (tables in gazetteer.toml)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from baselines.words import rows, words

GIVEN_NAMES = words("gazetteer", "given_names")
TITLES = words("gazetteer", "titles")
ORG_WORDS = words("gazetteer", "org_words")
ORG_NOUNS = words("gazetteer", "org_nouns")
PLACE_NOUNS = words("gazetteer", "place_nouns")
FAC_NOUNS = words("gazetteer", "fac_nouns")
FAC_WORDS = words("gazetteer", "fac_words")
EVENT_WORDS = words("gazetteer", "event_words")
LOC_WORDS = words("gazetteer", "loc_words")
OTHER_REFS = {"Gaza": "gazastrook", "Kiev": "kyiv", "Songfestival": "eurovisie-songfestival"}
TRANSLITERATED = {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}


class Known(NamedTuple):
    """What the tables say of a name."""

    type: str
    ref: str


def slug(name: str) -> str:
    """Lower-case ASCII, words joined by one hyphen, apostrophes and full stops gone.

    >>> slug("Ida Sørby-Åsen")
    'ida-sorby-asen'
    """
    letters = "".join(TRANSLITERATED.get(c, c) for c in name.lower())
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['.]", "", plain)).strip("-") or "naam"


def _inflected(adjective: str) -> list[str]:
    """`Noors` → Noors, Noorse; `Chinees` → Chinees, Chinese."""
    if adjective.endswith("ees"):
        return [adjective, f"{adjective[:-3]}ese"]
    return [adjective, f"{adjective}e"]


@cache
def known_names() -> dict[str, Known]:
    """All names of the tables, each with its type and ref."""
    names: dict[str, Known] = {}
    for country, adjective, people, capital, others in rows("gazetteer", "countries"):
        ref = slug(country)
        names |= {name: Known("GPE", ref) for name in (country, *others.split())}
        for name in (*_inflected(adjective), *people.split()):
            names.setdefault(name, Known("NORP", ref))
        if capital:
            names.setdefault(capital, Known("GPE", slug(capital)))
    for ref, spellings in rows("gazetteer", "groups"):
        names |= {name: Known("NORP", ref) for name in spellings.split()}
    for table, kind in (("cities", "GPE"), ("provinces", "GPE"), ("places", "LOC"), ("facilities", "FAC"), ("events", "EVENT")):
        for word in words("gazetteer", table):
            name = word.replace("_", " ")
            names.setdefault(name, Known(kind, OTHER_REFS.get(name, slug(name))))
    for ref, spellings in rows("gazetteer", "organisations"):
        names |= {word.replace("_", " "): Known("ORG", ref) for word in spellings.split()}
    return names


@cache
def capitals() -> dict[str, str]:
    """Ref of a capital → ref of its country: a capital that acts is its state."""
    return {slug(capital): slug(country) for country, _, _, capital, _ in rows("gazetteer", "countries") if capital}
