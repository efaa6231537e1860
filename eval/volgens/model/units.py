"""Units by code, with their synonyms: ISO 4217 for money, UCUM for measures and durations, `%`, and `1` for counts."""

from __future__ import annotations

import polars as pl

SYNONYMS = {
    "EUR": ("€", "euro", "euros", "euro's", "eur"),
    "USD": ("$", "us$", "dollar", "dollars", "usd"),
    "GBP": ("£", "pond", "pound", "pounds", "gbp"),
    "JPY": ("¥", "yen", "jpy"),
    "%": ("percent", "procent", "pct"),
    "1": ("", "count", "stuks", "none"),
    "a": ("year", "years", "jaar", "jaren", "yr", "a_j"),
    "mo": ("month", "months", "maand", "maanden", "mo_j"),
    "wk": ("week", "weeks", "weken"),
    "d": ("day", "days", "dag", "dagen"),
    "h": ("hour", "hours", "uur", "uren", "hr"),
    "min": ("minute", "minutes", "minuut", "minuten"),
    "s": ("second", "seconds", "seconde", "seconden", "sec"),
    "km": ("kilometer", "kilometers", "kilometre"),
    "m": ("meter", "meters", "metre"),
    "cm": ("centimeter", "centimeters", "centimetre"),
    "kg": ("kilo", "kilogram", "kilograms"),
    "t": ("ton", "tons", "tonne"),
    "Cel": ("°c", "graad", "graden", "celsius", "degrees celsius"),
}
"""Code → what also means it, in small letters. A unit outside the table is compared as it is written."""

CODES = {word: code for code, words in SYNONYMS.items() for word in words}


def code(unit: pl.Expr) -> pl.Expr:
    """The unit's code where the unit is one of the synonyms, else the unit itself."""
    plain = unit.str.strip_chars()
    return pl.coalesce(plain.str.to_lowercase().replace_strict(CODES, default=None, return_dtype=pl.String), plain)
