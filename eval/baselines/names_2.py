"""Names of version 2: what the frozen rules find, typed anew, and the forms that version 2 brings: products and their versions,
companies by their last word, exchanges and indices, championships, services with a place, web names, portfolios.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from volgens.model.documents import Span

from baselines import gazetteer
from baselines.gazetteer import Known, capitals, known_names, slug
from baselines.name_forms_2 import forms
from baselines.names import Name, find_names
from baselines.texts_2 import Text2
from baselines.words import rows, words

COMPANY, EVENT = words("words_2", "company_words"), words("words_2", "event_words") | gazetteer.EVENT_WORDS
FACILITY, PRODUCT = words("words_2", "facility_words") | gazetteer.FAC_WORDS, words("words_2", "product_words")
ORG_NOUN = re.compile(rf"(?:{'|'.join(sorted(words('words_2', 'org_nouns')))})\s$")
NO_NAMES = words("words_2", "no_names")
PORTFOLIOS = frozenset(word.replace("_", " ") for word in words("words_2", "portfolios"))
TITLES = gazetteer.TITLES | words("words_2", "people_before")
VOICES = words("words_2", "voices")
DETERMINER = re.compile(
    r"\b(?:de|het|een|deze|dit|die|dat|zijn|haar|hun|nieuwe|\w+ste|eerste|tweede)\s(?:\w+e\s){0,2}$", re.IGNORECASE
)
UNIT_BEFORE = re.compile(r"\d\s?$")
DESCRIBED = re.compile(r"\s(?:telt|snakt|ligt|leverde|kreunt|zucht|krimpt|telde)\b")


@cache
def markets() -> dict[str, Known]:
    """Exchanges and indices by their surfaces."""
    found: dict[str, Known] = {}
    for table, kind in (("exchanges", "ORG"), ("indices", "MISC")):
        for ref, spellings in rows("words_2", table):
            found |= {word.replace("_", " "): Known(kind, ref) for word in spellings.split()}
    return found


def find_names_2(text: Text2) -> list[Name]:
    """All names of the text, nested ones after the one that contains them."""
    own = _apart(forms(text, markets()))
    first = [name for name in find_names(text) if not _crosses(name, own) and not _is_none(text, name)]
    outer = [n for n in first if not any(o is not n and o.span.covers(n.span) and o.span != n.span for o in first)]
    typed = {id(name): _typed(text, _with_article(text, name)) for name in outer}
    found = [typed.get(id(name), name) for name in first]
    names = [*own, *found, *_nested_makers(text, [*own, *(typed[id(name)] for name in outer)])]
    names = _agreeing(text, _joined(text, [*names, *_before_hyphens(text, names)]))
    return sorted({_placed(text, name) for name in names}, key=lambda n: (n.span.start, -n.span.end, n.type))


def _apart(names: Iterable[Name]) -> list[Name]:
    """Of names that overlap the first that was found."""
    kept: list[Name] = []
    for name in names:
        if not _crosses(name, kept):
            kept.append(name)
    return kept


def _crosses(name: Name, others: Iterable[Name]) -> bool:
    return any(name.span.start < other.span.end and other.span.start < name.span.end for other in others)


def _is_none(text: Text2, name: Name) -> bool:
    """Units, titles, months, holidays and single letters are no names (E73)."""
    surface, before = name.span.cut(text.text), text.text[: name.span.start]
    if name.type == "NORP":
        return False
    if all(word.lower().rstrip(".") in NO_NAMES for word in surface.split()):
        return True
    if surface in PORTFOLIOS and before.endswith("("):
        return True
    return len(surface) == 1 and (before[-1:].isdigit() or not before.endswith(" op ") or surface != "X")


def _typed(text: Text2, name: Name) -> Name:
    """A name that no table knows, with the type that its words and the words around it tell."""
    surface = name.span.cut(text.text)
    if surface in known_names() or name.type in ("NORP", "GPE", "LOC", "EVENT", "FAC"):
        return name
    kind = _kind(text, name, surface.split())
    return name if kind is None else replace(name, type=kind, role=None)


def _with_article(text: Text2, name: Name) -> Name:
    """An article with a capital inside a sentence belongs to the name (E3)."""
    article = re.search(r"(?P<place>\b[Ii]n|\b[Tt]e|\b[Nn]aar|\w)\s(?P<article>(?:De|Den|Het)\s)$", text.text[: name.span.start])
    if article is None or name.type == "NORP":
        return name
    span = Span(article.start("article"), name.span.end)
    place = len(article["place"]) > 1 and name.type == "ORG"
    return replace(name, span=span, **({"type": "GPE", "role": "place", "ref": slug(span.cut(text.text))} if place else {}))


def _kind(text: Text2, name: Name, parts: list[str]) -> str | None:
    line = text.text.rfind("\n", 0, name.span.start) + 1
    before = text.text[line : name.span.start]
    person = parts[0] in gazetteer.GIVEN_NAMES or (before.split()[-1:] or [""])[0].lower() in TITLES
    if len(parts) > 1:
        for kinds, kind in ((EVENT, "EVENT"), (FACILITY, "FAC"), (PRODUCT, "MISC"), (COMPANY, "ORG")):
            if parts[-1] in kinds and not (person and kind != "ORG"):
                return kind
    if person:
        return "PER"
    if ORG_NOUN.search(before):
        return "ORG"
    bearer = len(parts) == 1 and name.ref != slug(parts[0])
    if name.type == "PER" and not bearer and (DETERMINER.search(before) or any(re.fullmatch(r"[A-Z]{1,3}", p) for p in parts)):
        return "MISC"
    last = (before.split()[-1:] or [""])[0].strip("\"',").lower()
    if last in VOICES | {"aldus"} and not before.rstrip().endswith((" de", " het")):
        return "PER"
    return None


def _nested_makers(text: Text2, own: Iterable[Name]) -> Iterator[Name]:
    """The maker in its product, the parent in its shop or event (E66), places and peoples in any of them (E13)."""
    for name in own:
        if name.type not in ("MISC", "EVENT", "FAC", "ORG") or name.span.cut(text.text) in markets():
            continue
        surface = name.span.cut(text.text)
        words = [(m[0], m.start()) for m in re.finditer(r"[A-ZÀ-Þ][\w'’-]*", surface)]
        pairs = [(m[1], m.start()) for m in re.finditer(r"(?=\b([A-ZÀ-Þ][\w'’-]* [A-ZÀ-Þ][\w'’-]*))", surface)]
        for word, at in (*pairs, *words):
            inner = Span(name.span.start + at, name.span.start + at + len(word))
            known = known_names().get(word) or _compass(word)
            fits = ("GPE", "LOC", "NORP") if name.type == "ORG" or at else ("GPE", "LOC", "NORP", "ORG")
            if known and inner != name.span and known.type in fits:
                yield Name(inner, known.type, known.ref, "place" if known.type == "GPE" else None)


def _compass(word: str) -> Known | None:
    part = re.match(r"(?:Midden|Noord|Zuid|Oost|West)-", word)
    return Known("LOC", slug(word)) if part else None


def _before_hyphens(text: Text2, names: list[Name]) -> Iterator[Name]:
    """`Fjordair-toestel`: the part before the hyphen, typed as the same words elsewhere in the text, else ORG (E10)."""
    known = {name.span.cut(text.text): name for name in names}
    for match in re.finditer(r"(?<![\w-])([A-ZÀ-Þ][\w]{2,})-(?=[a-zà-ÿ]{3})", text.text):
        span = Span(*match.span(1))
        if any(span.start < n.span.end and n.span.start < span.end for n in names) or match[1].lower() in NO_NAMES:
            continue
        if any(span.start >= date.start and span.end <= date.end for date in text.datelines):
            continue
        like = known.get(match[1])
        yield replace(like, span=span, role=None) if like else Name(span, "ORG", slug(match[1]))


def _joined(text: Text2, names: list[Name]) -> list[Name]:
    """A name of more than one word before a hyphen is taken whole (E10)."""
    parts = {name.span.start: name for name in names if re.match(r"-[a-zà-ÿ]{3}", text.text[name.span.end : name.span.end + 4])}
    kept, gone = [], set()
    for name in names:
        last = parts.get(name.span.end + 1)
        if last and text.text[name.span.end] == " " and name.type == last.type == "ORG":
            gone |= {id(name), id(last)}
            span = Span(name.span.start, last.span.end)
            kept.append(replace(name, span=span, ref=slug(span.cut(text.text))))
    return [*kept, *(name for name in names if id(name) not in gone)]


def _agreeing(text: Text2, names: list[Name]) -> list[Name]:
    """The same words have one type in a document: the one that most have, where no table knows them."""
    kinds: dict[str, Counter[str]] = {}
    for name in names:
        kinds.setdefault(name.span.cut(text.text), Counter())[name.type] += 1
    told = {surface: found.most_common(1)[0][0] for surface, found in kinds.items() if len(found) > 1}
    apart = known_names().keys() | markets().keys()
    return [
        replace(n, type=told[s])
        if (s := n.span.cut(text.text)) in told and s not in apart and n.type != "GPE" and told[s] != "GPE"
        else n
        for n in names
    ]


def _placed(text: Text2, name: Name) -> Name:
    """Roles that version 2 decides anew: a country that is described (E71), a place label before a colon (E45)."""
    if name.type != "GPE":
        return name
    after = text.text[name.span.end : name.span.end + 12]
    states = {known.ref for known in known_names().values() if known.type == "NORP"}
    label = after.startswith(":") and name.ref not in states and name.ref not in capitals()
    if label or DESCRIBED.match(after):
        return replace(name, role="place", ref=slug(name.span.cut(text.text)) if label else name.ref)
    return name if name.role else replace(name, role="place")
