"""Forms of names that version 2 of the scheme decides, each a pattern with its type: they go before what the frozen rules
find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from volgens.model.documents import Span

from baselines.gazetteer import Known, known_names, slug
from baselines.names import Name
from baselines.texts_2 import Text2
from baselines.words import words

CAPITAL = r"[A-ZÀ-Þ][\w'’]*(?:-[A-ZÀ-Þ][\w]*)*"
SUFFIX = r"(?:(?:Inc|Corp|Ltd|Co)\b(?: ?\.)?|(?:Corporation|LLC|Company|Group|Holdings?|plc)\b)"
FORMAL = frozenset(["Inc", "Corp", "Ltd", "Co", "Corporation", "LLC", "Company", "Group", "Holding", "Computer", "plc", ""])
SPORTS, MAKERS = "|".join(sorted(words("words_2", "sports"))), "|".join(sorted(words("words_2", "makers")))
PORTFOLIOS = "|".join(sorted(word.replace("_", " ") for word in words("words_2", "portfolios")))
SERVICE = r"(?:[Rr]echtbank|[Gg]erechtshof|[Hh]of|[Pp]olitie|[Bb]randweer|GGD|[Vv]eiligheidsregio|[Pp]arket|OM)"
MODEL = r"(?:[A-Z]{0,3}-?\d{1,4}(?:[.-]\d{1,3})?[A-Z]{0,3}|[IVX]{1,4})"
NOT_COUNTING = r"(?!\w|[.,:]\d|\s?(?:%|procent|miljoen|miljard|euro|dollar|jaar|uur|punten|maal|keer))"

SMALL = re.compile(
    r"(?<![\w@.#-])(?P<name>[a-z]{1,2}[A-Z][a-zA-Z]+"
    rf"(?: (?:[A-Z]\w*|(?:\d+(?:\.\d+)*\w{{0,2}}|touch|nano|mini|shuffle|store){NOT_COUNTING}))*)(?!\w)"
)
COMPANY = re.compile(rf"(?<![\w-])(?P<name>{CAPITAL}(?: (?:& )?{CAPITAL}){{0,3}} {SUFFIX})")
AND = re.compile(rf"(?<![\w-])(?P<name>{CAPITAL} & {CAPITAL}(?: {CAPITAL})?)(?!\w)")
MADE = re.compile(rf"(?<![\w-])(?P<name>(?:{MAKERS})(?: {CAPITAL})? {MODEL}{NOT_COUNTING})")
CODED = re.compile(r"(?<![\w-])(?P<name>[A-Z]{1,2}-?\d{2,4}[A-Z]{0,2}(?:-\d{1,3})?)(?![\w]|[.,]\d)")
WEB = re.compile(r"(?<![\w@./-])(?P<name>[a-z0-9-]{2,}\.(?:nl|com|org|net|be))(?![\w/])")
TAG = re.compile(r"#(?P<name>[A-Z][a-z]+[A-Z]\w+)")
GAMES = re.compile(rf"(?<![\w-])(?P<name>(?:WK|EK|NK)(?:\s(?:{SPORTS})|-\w+)?)(?![\w])")
COURT = re.compile(rf"(?<![\w-])(?P<name>{SERVICE}\s(?P<place>[A-ZÀ-Þ][\w-]+(?:\s[A-ZÀ-Þ][\w-]+)?))(?![\w-])")
MEMBER = re.compile(r"(?<![\w-])(?P<name>[A-Z][A-Z0-9]+['’]ers?)(?!\w)")
CABINET = re.compile(r"(?:kabinet|zaak|regering)-(?P<name>[A-ZÀ-Þ][\w-]+(?:\s[IVX]+)?)")
STATES = re.compile(r"(?<![\w.])(?P<name>V\.\s?S\.|U\.\s?S\.(?:\s?A\.)?|V\.\s?S(?=\s\.)|USA)(?!\w)")
HOUSE = re.compile(
    rf"(?:^|(?<=[.;:!?] )|(?<=van ))(?P<name>{PORTFOLIOS})(?= (?:wil|zwijgt|heeft|moet|gaat|betaalt|zegt|vindt|meldt|kan)\b)",
    re.MULTILINE,
)
BREXIT = re.compile(r"(?<!\w)(?P<name>[A-Z][a-z]+xit)(?!\w)")

PLAIN = (
    (GAMES, "EVENT"), (BREXIT, "EVENT"), (WEB, "ORG"), (TAG, "MISC"), (COMPANY, "ORG"), (AND, "ORG"), (MADE, "MISC"),
    (MEMBER, "NORP"), (CABINET, "PER"),
)  # fmt: skip


def forms(text: Text2, markets: Mapping[str, Known]) -> Iterator[Name]:
    """Names by their form; an earlier one takes its text from a later one."""
    yield from _listed(text, markets)
    for match in STATES.finditer(text.text):
        yield Name(Span(*match.span("name")), "GPE", "verenigde-staten", _role(text.text, match.start()))
    for match in COURT.finditer(text.text):
        yield from _court(match)
    for match in HOUSE.finditer(text.text):
        yield Name(Span(*match.span("name")), "ORG", f"ministerie-van-{slug(match['name'])}-nederland")
    for pattern, kind in PLAIN:
        for match in pattern.finditer(text.text):
            yield Name(Span(*match.span("name")), kind, _ref(match["name"]))
    yield from _small(text)
    yield from _models(text)


def _ref(surface: str) -> str:
    """The slug of a name without the form of its company, and without the ending of a member (E61)."""
    first, *rest = surface.split()
    known = known_names().get(first)
    if known and known.type == "ORG" and all(word.strip(".") in FORMAL for word in rest):
        return known.ref
    return slug(re.sub(rf"\s{SUFFIX}$", "", re.sub(r"['’]ers?$", "", surface)))


def _listed(text: Text2, markets: Mapping[str, Known]) -> Iterator[Name]:
    for surface in sorted(markets, key=len, reverse=True):
        known = markets[surface]
        for match in re.finditer(rf"(?<![\w-]){re.escape(surface)}(?!\w)", text.text):
            yield Name(Span(*match.span()), known.type, known.ref)


def _role(text: str, start: int) -> str:
    before = text[max(0, start - 24) : start]
    return "actor" if re.search(r"\b(?:tegen|met|aan|door|namens|voor|van)\s(?:de\s)?$", before) else "place"


def _court(match: re.Match[str]) -> Iterator[Name]:
    """`rechtbank Overijssel`; nested in it the place (E60). A person after it is none."""
    place = match["place"]
    known = known_names().get(place)
    if (known and known.type in ("GPE", "LOC")) or re.match(r"(?:Midden|Noord|Zuid|Oost|West)-", place):
        yield Name(Span(*match.span("name")), "ORG", slug(match["name"]))


def _small(text: Text2) -> Iterator[Name]:
    """Names that their bearer spells small (E59): a product with its version (E62). A plural ending stays outside (E10)."""
    for match in SMALL.finditer(text.text):
        span, name = Span(*match.span("name")), match["name"]
        if name.endswith("s") and " " not in name and re.search(rf"\b{name[:-1]}\b", text.text):
            span, name = Span(span.start, span.end - 1), name[:-1]
        yield Name(span, "MISC", slug(name))


def _models(text: Text2) -> Iterator[Name]:
    """`A380`, and a bare `787` where the text has it with its maker (E62). A road or a summit is none."""
    for match in CODED.finditer(text.text):
        if not re.fullmatch(r"[AEN]\d{1,2}|G\d{1,2}", match["name"]) and match["name"] not in known_names():
            yield Name(Span(*match.span("name")), "MISC", slug(match["name"]))
    known = {m["name"].split()[-1]: slug(m["name"]) for m in MADE.finditer(text.text) if re.search(r"\d{3}", m["name"])}
    for number, ref in known.items():
        for match in re.finditer(rf"(?<![\w.,$€-]){re.escape(number)}(?:-\d{{1,3}}[A-Z]{{0,2}})?{NOT_COUNTING}", text.text):
            yield Name(Span(*match.span()), "MISC", ref if match[0] == number else f"{ref}-{slug(match[0].removeprefix(number))}")
