"""Dutch numerals: digits (`12.000`, `1,5`) and number words (`drieënvijftig`, `twaalfhonderd`, `anderhalf`) → float."""

from __future__ import annotations

import re
from collections.abc import Iterable

ONES = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
TEENS = ("tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")
TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")

BELOW_HUNDRED = (
    {word: n for n, word in enumerate(ONES + TEENS, 1)}
    | {tens: 10 * n for n, tens in enumerate(TENS, 2)}
    | {f"{one}en{tens}": 10 * n + m for n, tens in enumerate(TENS, 2) for m, one in enumerate(ONES, 1)}
)
BROKEN = {"anderhalf": 1.5, "anderhalve": 1.5, "half": 0.5, "halve": 0.5} | {
    f"{one}en{half}": n + 0.5 for n, one in enumerate(ONES, 1) for half in ("half", "halve") if n > 1
}
FRACTIONS = {"kwart": 0.25, "driekwart": 0.75, "helft": 0.5} | {
    f"{word}{part}": n / m
    for n, word in enumerate(ONES[:4], 1)
    for m, part in ((3, "derde"), (4, "kwart"), (5, "vijfde"), (6, "zesde"), (8, "achtste"), (10, "tiende"))
    if n < m
}
SCALES = {
    "honderd": 1e2,
    "duizend": 1e3,
    "miljoen": 1e6,
    "mln": 1e6,
    "miljard": 1e9,
    "mld": 1e9,
    "biljoen": 1e12,
    "biljard": 1e15,
}

DIGITS = r"(?:\d{1,3}(?:[.\u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"


def _alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first, that also takes `één` and `tweeën`."""
    return "|".join(word.replace("een", "[eé][eéë]n") for word in sorted(words, key=len, reverse=True))


_SMALL = f"(?:{_alternatives(BELOW_HUNDRED)})"
_HUNDREDS = f"(?:{_SMALL})?honderd(?:[eë]n)?(?:{_SMALL})?"
_BELOW_THOUSAND = f"(?:{_HUNDREDS}|{_SMALL})"
_WHOLE = f"(?:(?:{_BELOW_THOUSAND})?duizend(?:[eë]n)?(?:{_BELOW_THOUSAND})?|{_BELOW_THOUSAND}|nul)"
WORDS = f"(?:{_alternatives(BROKEN)}|{_WHOLE})"
_NUMERAL = re.compile(f"(?:{DIGITS}|{WORDS})", re.IGNORECASE)


def read_numeral(surface: str) -> float | None:
    """The number that one token says: `12.000` → 12000, `1,5` → 1.5, `drieënvijftig` → 53; None for anything else."""
    word = surface.strip().lower()
    if not _NUMERAL.fullmatch(word):
        return None
    if word[0].isdigit():
        return float(re.sub(r"[.\u00a0\u202f]", "", word).replace(",", "."))
    plain = word.replace("ë", "e").replace("é", "e")
    return BROKEN[plain] if plain in BROKEN else float(_whole(plain))


def _whole(word: str) -> int:
    if word == "nul":
        return 0
    if "duizend" in word:
        thousands, rest = word.split("duizend")
        return 1000 * (_below_thousand(thousands) or 1) + _below_thousand(rest.removeprefix("en"))
    return _below_thousand(word)


def _below_thousand(word: str) -> int:
    """Below a thousand, or `twaalfhonderd` and its like; 0 for the empty word."""
    if "honderd" in word:
        hundreds, rest = word.split("honderd")
        return 100 * BELOW_HUNDRED.get(hundreds, 1) + _below_thousand(rest.removeprefix("en") if rest != "en" else "")
    return BELOW_HUNDRED[word] if word else 0
