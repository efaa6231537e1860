"""Names by capitals, tables and the words around them: spans, types, roles and refs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from volgens.model.documents import Span

from baselines import gazetteer
from baselines.gazetteer import Known, known_names, slug
from baselines.tokens import Sentence, Text, Token
from baselines.words import words

PARTICLES = words("words", "particles")
# Capitalised at the start of a sentence without being names.
FUNCTION_WORDS = words("words", "capitalised")
GENERIC_ORG = re.compile(r"(?:partij|bank|bond|unie|spoorwegen|raad|commissie|federatie|liga|parlement|hof)$", re.IGNORECASE)
MINISTRY = re.compile(r"\b[Mm]inisters?(?P<house>ie)? van (?P<field>[A-Z][\w-]+(?:(?:, | en )[A-Z][\w-]+)*)")
ARTICLES = ("The ", "De ", "Het ", "Der ", "Die ", "Le ", "La ")
SAYING = r"(?:zegt|zei|zeggen|zeiden|meldt|melden|meldde|schrijft|schreef|stelt|stelde|noemt|noemde|vindt|denkt|wil|heeft|is)"


@dataclass(frozen=True, slots=True)
class Name:
    """A name found in a text; `role` for GPE alone."""

    span: Span
    type: str
    ref: str
    role: str | None = None


def find_names(text: Text) -> list[Name]:
    """All names of the text, nested ones after the one that contains them."""
    names = [name for span in text.dateline_places for name in _dateline_place(text.text, span)]
    running = _running_names(text)
    for sentence in text.sentences:
        for run in _runs(text, sentence, running):
            names += _classify(text.text, sentence, run)
        names += _ministries(text.text, sentence)
        names += _inside_tokens(sentence)
        names += _small_norps(sentence)
    names = _resolve_persons(text.text, _without_overlap(names))
    return sorted(
        (_with_role(text, name) for name in _with_nested(text.text, names)), key=lambda n: (n.span.start, -n.span.end, n.type)
    )


def _dateline_place(text: str, span: Span) -> Iterator[Name]:
    surface = span.cut(text).strip()
    start = span.start + span.cut(text).index(surface)
    known = _known_capitals().get(surface, Known("GPE", slug(surface)))
    yield Name(Span(start, start + len(surface)), "GPE", known.ref, "place")


def _known_capitals() -> dict[str, Known]:
    return {name.upper(): known for name, known in known_names().items() if known.type == "GPE"}


# --- spans ---


def _running_names(text: Text) -> set[str]:
    """Words with a capital in the middle of a sentence: those are names at its start too."""
    return {
        token.text
        for sentence in text.sentences
        for before, token in zip(sentence.tokens, sentence.tokens[1:], strict=False)
        if token.is_capital and before.text not in "'\"‘“„:.!?-"
    }


def _runs(text: Text, sentence: Sentence, running: set[str]) -> Iterator[list[Token]]:
    """Capitalised tokens that stand together, with particles between them, cut at the longest names that the tables know."""
    tokens, i = sentence.tokens, 0
    portfolios = [Span(*m.span("field")) for m in MINISTRY.finditer(text.text, sentence.start, sentence.end)]
    while i < len(tokens):
        if any(p.covers(tokens[i].span) for p in portfolios):
            i += 1
        elif size := _known_length(tokens, i):
            yield list(tokens[i : i + size])
            i += size
        elif _may_begin(tokens, i, running):
            j = _end_of_run(tokens, i)
            yield list(tokens[i:j])
            i = j
        else:
            i += 1


def _known_length(tokens: tuple[Token, ...], i: int) -> int:
    """How many tokens from `i` on are the longest known name, 0 where a capital goes on after it; a nationality stands alone."""
    for size in range(min(5, len(tokens) - i), 0, -1):
        name = _join(tokens[i : i + size])
        known = known_names().get(name) or (known_names().get(name.removesuffix("s")) if size == 1 else None)
        if known and name[0].isupper():
            after = tokens[i + size] if i + size < len(tokens) else None
            continues = after is not None and after.is_capital and after.is_word and _adjacent(tokens[i + size - 1], after)
            if size == 1 and after is not None and continues:
                return 2 if known.type == "NORP" and GENERIC_ORG.search(after.text) else int(known.type == "NORP")
            return size
    return 0


def _join(tokens: tuple[Token, ...]) -> str:
    return "".join((" " if k and tokens[k - 1].end < t.start else "") + t.text for k, t in enumerate(tokens))


def _adjacent(left: Token, right: Token) -> bool:
    return right.start - left.end == 1


def _may_begin(tokens: tuple[Token, ...], i: int, running: set[str]) -> bool:
    token = tokens[i]
    if _is_title(token.text):
        return False
    if not token.is_capital or not token.is_word or token.text.lower() in FUNCTION_WORDS:
        return token.text in ("The", "La", "Le") and i + 1 < len(tokens) and tokens[i + 1].is_capital
    opens = i == 0 or tokens[i - 1].text in ("'", '"', "‘", "“", "„", ":", "-", "–")
    if not opens:
        return True
    follows = i + 1 < len(tokens) and tokens[i + 1].is_capital and tokens[i + 1].is_word and _adjacent(token, tokens[i + 1])
    return token.text in running or token.text in gazetteer.GIVEN_NAMES or follows or _is_letter_word(token.text)


def _is_title(word: str) -> bool:
    """`Premier` at the start of a sentence, and a compound of a name with a small word (`NAVO-leider`)."""
    return word.lower() in gazetteer.TITLES or ("-" in word and word.rpartition("-")[2][:1].islower())


def _is_letter_word(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _end_of_run(tokens: tuple[Token, ...], i: int) -> int:
    j = i + 1
    while j < len(tokens) and tokens[j].start - tokens[j - 1].end <= 1:
        token = tokens[j]
        if token.is_word and token.is_capital and _adjacent(tokens[j - 1], token):
            if _is_title(token.text) or known_names().get(token.text, Known("", "")).type == "NORP":
                break
            j += 1
        elif token.text in PARTICLES and (k := _after_particles(tokens, j)) and not _is_known_place(tokens[k - 1], tokens[i]):
            j = k
        else:
            break
    return j


def _is_known_place(last: Token, first: Token) -> bool:
    """`Jorun Vik van Noorwegen` ends before `van`, `Universiteit van Bergen` does not."""
    return last.text in known_names() and first.text not in gazetteer.ORG_WORDS


def _after_particles(tokens: tuple[Token, ...], j: int) -> int:
    """The index after `van der Laan` when a capital follows the particles, else 0."""
    k = j
    while k < len(tokens) and tokens[k].text in PARTICLES:
        k += 1
    return k + 1 if k < len(tokens) and tokens[k].is_capital and tokens[k].is_word and k - j <= 3 else 0


# --- types ---


def _classify(text: str, sentence: Sentence, run: list[Token]) -> list[Name]:
    span = Span(run[0].start, run[-1].end)
    surface = span.cut(text)
    known = known_names().get(surface)
    if known is None and surface.endswith("s") and (stem := known_names().get(surface[:-1])):
        span, known = Span(span.start, span.end - 1), stem
    if known:
        return [Name(span, known.type, known.ref)]
    if "-" in surface and len(run) == 1:
        return []
    if _is_month_or_day(surface):
        return []
    article = next((a for a in ARTICLES if surface.startswith(a)), "")
    return _split_of(text, sentence, run) or [Name(span, _type_by_context(text, sentence, run), slug(surface[len(article) :]))]


def _is_month_or_day(surface: str) -> bool:
    return surface.lower() in FUNCTION_WORDS


def _split_of(text: str, sentence: Sentence, run: list[Token]) -> list[Name]:
    """`X van Y` is two names unless X is the name of a person or opens a known kind of organisation."""
    particles = [k for k, token in enumerate(run) if token.text == "van"]
    if not particles or run[0].text in gazetteer.GIVEN_NAMES or _title_before(sentence, run[0]):
        return []
    k = particles[0]
    if run[k - 1].text in gazetteer.ORG_WORDS or len(run[k:]) > 2 or k == 0:
        return []
    left, right = run[:k], run[k + 1 :]
    return _classify(text, sentence, left) + _classify(text, sentence, right)


def _type_by_context(text: str, sentence: Sentence, run: list[Token]) -> str:
    words = [token.text for token in run]
    before = _words_before(sentence, run[0])
    last = before[-1] if before else ""
    if words[0] in gazetteer.GIVEN_NAMES and len(words) > 1:
        return "PER"
    if GENERIC_ORG.search(words[-1]):
        return "ORG"
    for kinds, kind in (
        (gazetteer.ORG_WORDS, "ORG"),
        (gazetteer.EVENT_WORDS, "EVENT"),
        (gazetteer.FAC_WORDS, "FAC"),
        (gazetteer.LOC_WORDS, "LOC"),
    ):
        if len(words) > 1 and kinds.intersection(words):
            return kind
    if words[0] == "The" or "&" in words:
        return "ORG"
    for kinds, kind in (
        (gazetteer.TITLES, "PER"),
        (gazetteer.ORG_NOUNS, "ORG"),
        (gazetteer.PLACE_NOUNS, "GPE"),
        (gazetteer.FAC_NOUNS, "FAC"),
    ):
        if last in kinds or (last.rpartition("-")[2] in kinds):
            return kind
    if _is_letter_word(words[0]) and len(words) == 1:
        return "ORG"
    if len(words) > 1:
        return "PER"
    if last in ("in", "te", "nabij", "richting") and not re.match(r"\s+(?:en|over)\b", text[run[-1].end :]):
        return "GPE"
    if words[0] in gazetteer.GIVEN_NAMES:
        return "PER"
    return "PER" if re.match(rf"\s+{SAYING}\b", text[run[-1].end :]) and last not in ("de", "het") else "ORG"


def _words_before(sentence: Sentence, token: Token) -> list[str]:
    return [t.text.lower() for t in sentence.tokens if t.end <= token.start]


def _title_before(sentence: Sentence, token: Token) -> bool:
    before = _words_before(sentence, token)
    return bool(before) and before[-1] in gazetteer.TITLES


# --- names within tokens, and without capitals ---


def _inside_tokens(sentence: Sentence) -> Iterator[Name]:
    """`NAVO-leider`, `pro-Deense`: the parts between hyphens that the tables know or that are letter words."""
    for token in sentence.tokens:
        if not re.search(r"\w-\w", token.text) or token.text in known_names():
            continue
        at = token.start
        parts = token.text.split("-")
        for n, part in enumerate(parts):
            known = known_names().get(part)
            if known and part[0].isupper() and not (n == 0 and known.type == "NORP" and parts[-1][0].isupper()):
                yield Name(Span(at, at + len(part)), known.type, known.ref)
            elif known is None and _is_letter_word(part) and len(part) < 6:
                yield Name(Span(at, at + len(part)), "ORG", slug(part))
            elif part[0].isupper() and n == len(parts) - 1 and all(p[0].isupper() for p in parts):
                yield Name(token.span, "PER", slug(token.text))
            at += len(part) + 1


def _ministries(text: str, sentence: Sentence) -> Iterator[Name]:
    """`ministerie van Visserij`, with the country that the sentence gives it; the portfolio of a minister is nothing."""
    for match in MINISTRY.finditer(text, sentence.start, sentence.end):
        if match["house"]:
            before = re.findall(r"[A-Z][\w-]+", text[sentence.start : match.start()])
            country = next((k.ref for w in reversed(before) if (k := known_names().get(w)) and k.type == "NORP"), "nederland")
            yield Name(Span(*match.span()), "ORG", f"{slug(match[0])}-{country}")


def _small_norps(sentence: Sentence) -> Iterator[Name]:
    for token in sentence.tokens:
        known = known_names().get(token.text.lower())
        if known and known.type == "NORP":
            yield Name(token.span, "NORP", known.ref)


def _with_nested(text: str, names: list[Name]) -> Iterator[Name]:
    """Whole words inside an organisation, event, work or building that are names by themselves."""
    for name in names:
        yield name
        if name.type not in ("ORG", "EVENT", "FAC", "MISC"):
            continue
        for word in re.finditer(r"[^\W\d_][\w'’-]*", name.span.cut(text)):
            known = known_names().get(word[0])
            inner = Span(name.span.start + word.start(), name.span.start + word.end())
            if known and inner != name.span and known.type in ("GPE", "NORP", "PER") and word[0][0].isupper():
                yield Name(inner, known.type, known.ref, "place" if known.type == "GPE" else None)


# --- one name, one span; a surname is its bearer ---


def _without_overlap(names: list[Name]) -> list[Name]:
    kept: list[Name] = []
    for name in sorted(names, key=lambda n: (n.span.start - n.span.end, n.span.start)):
        if not any(name.span.start < k.span.end and k.span.start < name.span.end for k in kept):
            kept.append(name)
    return kept


def _resolve_persons(text: str, names: list[Name]) -> list[Name]:
    """Give a surname or given name alone the type and ref of the full name in the same document."""
    bearers: dict[str, Name] = {}
    for name in sorted(names, key=lambda n: n.span):
        words = name.span.cut(text).split()
        if name.type == "PER" and len(words) > 1:
            for part in (words[0], words[-1], " ".join(words[1:])):
                bearers.setdefault(part, name)
    resolved = []
    for name in names:
        bearer = bearers.get(name.span.cut(text))
        unknown = name.span.cut(text) not in known_names()
        resolved.append(replace(name, type="PER", ref=bearer.ref) if bearer and unknown else name)
    return resolved


# --- roles ---

ACTOR_BEFORE = re.compile(r"\b(?:tegen|met|aan|door|namens|voor|volgens|aldus)\s+(?:de\s+|het\s+)?$", re.IGNORECASE)
PLACE_BEFORE = re.compile(
    r"\b(?:in|naar|uit|langs|bij|rond|boven|buiten|tot|nabij|te|over|op|binnen|vanuit|richting|via|onder|hoofdstad|stad|regio|provincie|dorp)"
    r"\s+(?:heel\s+|de\s+|het\s+)?$",
    re.IGNORECASE,
)
OF_PLACE = re.compile(
    r"\b(?:hoofdstad|noorden|zuiden|oosten|westen|kust|grondgebied|inwoners|centrum|grens|delen|deel|luchtruim|noordoosten|zuidoosten|zuidwesten"
    r"|noordwesten|stad|provincie|binnenstad|buurt|straten|burgemeester)\s+van\s+(?:de\s+|het\s+)?$",
    re.IGNORECASE,
)
OF_ACTOR = re.compile(r"\bvan\s+(?:de\s+|het\s+)?$", re.IGNORECASE)
LISTED = re.compile(r"(?:,|\ben|\bof)\s+(?:de\s+|het\s+)?$")
VERB_AFTER = re.compile(r"\s+(?:[a-zà-ÿ]+(?:t|de|te|den|ten|en)|is|was|zal|kan|wil|heeft|had|zou)\b")
SPEAKER_HEADS = re.compile(
    r"-(?:leider|chef|topman|baas|president|premier|minister|gezant|akkoord|deal|sancties|beleid|woordvoerder|delegatie)"
)


def _with_role(text: Text, name: Name) -> Name:
    if name.type != "GPE" or name.role:
        return name
    role = _role(text, name.span)
    return replace(name, role=role, ref=gazetteer.capitals().get(name.ref, name.ref) if role == "actor" else name.ref)


def _role(text: Text, span: Span) -> str:
    before, after = text.text[max(0, span.start - 60) : span.start].rpartition("\n")[2], text.text[span.end : span.end + 40]
    if after.startswith("-"):
        return "actor" if SPEAKER_HEADS.match(after) else "place"
    if before.endswith("-"):
        return "place"
    if OF_PLACE.search(before) or PLACE_BEFORE.search(before):
        return "place"
    if ACTOR_BEFORE.search(before) or OF_ACTOR.search(before):
        return "actor"
    if LISTED.search(before) and re.search(
        r"\b(?:in|naar|uit|bij|over)\s+[A-Z][\w-]+(?:, [A-Z][\w-]+)*,?\s+(?:en|of|,)?\s*$", before
    ):
        return "place"
    return "actor" if VERB_AFTER.match(after) or after.startswith((":", " en ", ",")) or not before.strip() else "place"
