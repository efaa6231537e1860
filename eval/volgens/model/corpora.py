"""Other corpora's types of names in terms of ours, for views and exports (annotations/guidelines/mappings.md)."""

from __future__ import annotations

from collections.abc import Mapping

TYPES: Mapping[str, Mapping[str, str | None]] = {
    "conll2002": {**dict.fromkeys(("GPE", "LOC", "FAC"), "LOC"), **dict.fromkeys(("NORP", "EVENT", "MISC"), "MISC")},
    "sonar": dict.fromkeys(("GPE", "LOC", "FAC", "NORP"), "LOC"),
    "ontonotes": {"MISC": None},
    "meantime": {**dict.fromkeys(("GPE", "LOC", "FAC", "NORP"), "LOC"), "EVENT": None},
}
"""Corpus → our type → its type, None where it has none such. Types that are not listed are called alike."""
