"""Noun phrases without a parser: where one that begins at a token ends, by closed word classes and the shape of Dutch."""

from __future__ import annotations

from collections.abc import Sequence

from baselines.gazetteer import known_names
from baselines.tokens import Token
from baselines.words import words

DETERMINERS = words("words", "determiners")
PRONOUNS = words("words", "pronouns")
PREPOSITIONS = words("words", "prepositions")
CONJUNCTIONS = words("words", "conjunctions")
TIMES = words("words", "times")
ADVERBS = TIMES | words("words", "adverbs")
FINITE = words("words", "finite")
# Words that look like nouns by their ending but stand before one.
ADJECTIVES = words("words", "adjectives")
STOPS = PREPOSITIONS | CONJUNCTIONS | ADVERBS | FINITE | DETERMINERS


def is_adjective(word: str) -> bool:
    """By its ending; a noun in -e is taken for one only where another noun can follow (see `head_index`)."""
    return word in ADJECTIVES or (word.endswith("e") and len(word) > 3)


def head_index(tokens: Sequence[Token], i: int, norps: frozenset[int] = frozenset()) -> int | None:
    """The index of the head noun of the bare phrase (adjectives and noun) that begins at `i`; None if none does.

    `norps` holds the start offsets of nationality names: those may be adjectives or heads, other capitals are neither.
    """
    j, last = i, None
    while j < len(tokens) and j - i < 5:
        token = tokens[j]
        word = token.text.lower()
        if not token.is_word or word in STOPS or (token.is_capital and token.start not in norps and "-" not in token.text):
            break
        last = j
        if not is_adjective(word):
            break
        j += 1
    return last


def phrase_end(tokens: Sequence[Token], i: int) -> int:
    """The index after the noun phrase at `i`, with names, `van` phrases, brackets and coordination; `i` if there is none."""
    if (
        i < len(tokens)
        and tokens[i].text.lower() in PRONOUNS
        and not (tokens[i].text.lower() in DETERMINERS and _bare_end(tokens, i + 1) > i + 1)
    ):
        return i + 1
    j = _bare_end(tokens, i)
    while i < j < len(tokens):
        word = tokens[j].text
        if word == "(":
            closing = next((k for k in range(j, min(j + 8, len(tokens))) if tokens[k].text == ")"), None)
            if closing is None:
                break
            j = closing + 1
            continue
        if word in ("van", "voor", "bij", "uit", "namens", "en", "tegen") and not (
            word != "van" and word != "en" and tokens[j - 1].is_capital
        ):
            k = _bare_end(tokens, j + 1)
            if k == j + 1 or (word == "en" and k < len(tokens) and tokens[k].text.lower() in FINITE):
                break
            j = k
            continue
        break
    return j


def _bare_end(tokens: Sequence[Token], i: int) -> int:
    """Determiners, numbers, adjectives, one lower-case noun, and the capitals around it."""
    j, noun = i, False
    while j < len(tokens) and tokens[j].text.lower() in DETERMINERS and tokens[j].text.lower() not in FINITE - {"zijn"}:
        j += 1
    start = j
    while j < len(tokens):
        token = tokens[j]
        word = token.text.lower()
        follows = j + 1 < len(tokens) and tokens[j + 1].is_word and tokens[j + 1].text.lower() not in STOPS
        if token.is_capital and token.is_word and (j > start or word not in STOPS):
            noun = not (follows and _is_nationality(token.text) and not tokens[j + 1].is_capital)
        elif (
            token.text in ("van", "der", "den", "de", "ten", "ter", "von")
            and j > start
            and tokens[j - 1].is_capital
            and _capital_follows(tokens, j)
        ) or token.text[0].isdigit():
            pass
        elif not token.is_word or word in STOPS or (noun and not tokens[j - 1].is_capital) or noun:
            break
        else:
            noun = not (is_adjective(word) and follows)
        j += 1
    return j if j > start else i


def _is_nationality(word: str) -> bool:
    known = known_names().get(word)
    return known is not None and known.type == "NORP"


def _capital_follows(tokens: Sequence[Token], j: int) -> bool:
    while j < len(tokens) and tokens[j].text in ("van", "der", "den", "de", "ten", "ter", "von"):
        j += 1
    return j < len(tokens) and tokens[j].is_capital and tokens[j].is_word
