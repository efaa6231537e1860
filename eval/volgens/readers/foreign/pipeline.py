"""Output of a transformers token-classification pipeline, grouped (`entity_group`) or one item a token (`entity`).

A `score` is handed on; that of joined tokens is the lowest. Tokens are joined as the tags say: `B-` begins a name, `I-` (and
a tag without prefix) goes on with one of the same type on the token before, `E-`, `L-`, `S-` and `U-` end it. Tokens are
neighbours if their `index` is consecutive; without `index`, if only white space is between them. A name that begins within a
word is a word-piece that was never joined to its word: a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from volgens.readers.foreign.container import Answer, answers, items
from volgens.readers.foreign.reading import File, Reading, at, inside_word, letters, score

DESCRIPTION = "transformers token-classification pipeline, grouped or by token"
JOIN = 'Make the pipeline with aggregation_strategy="first" (or "max", "average").'
PART_OF_A_NUMBER = f"{JOIN[:-1]}; where it is made so, its words end at signs: join the parts of the number, or leave them out."
TAG = re.compile(r"(?:([BIESLU])[-_])?(.*)", re.DOTALL)


def recognise(item: Mapping[str, Any]) -> bool:
    """Whether an item of an answer is one of this format."""
    return "entity_group" in item or ("entity" in item and ("word" in item or "score" in item))


def read(file: File) -> Reading:
    """The rows of a file; each has `entities` alone."""
    reading = Reading(file)
    for answer in answers(reading):
        found = list(_names(answer, reading))
        for n, name in enumerate(found):
            _check(name, answer, reading, f"output[{name.pop('at', n)}]")
        kept = [{k: name[k] for k in ("start", "end", "type", "score") if name.get(k) is not None} for name in found]
        reading.rows.append(
            {"id": answer.id, **answer.own, "entities": [{**name, **at(answer.line)} for name in kept], **at(answer.line)}
        )
    return reading


def _names(answer: Answer, reading: Reading) -> Iterator[dict[str, Any]]:
    """Names with start, end, type, and the word and place they come from."""
    tokens = []
    for n, item in enumerate(items(answer, reading)):
        label = item.get("entity_group", item.get("entity"))
        place = reading.offsets(item, answer.line, answer.id, f"output[{n}]")
        if not isinstance(label, str):
            message, hint = "neither entity_group nor entity", "Give the pipeline's output as it came."
            reading.report("no-label", message, hint, line=answer.line, document=answer.id, field=f"output[{n}]")
        elif place is not None:
            name = {"start": place[0], "end": place[1], "word": item.get("word"), "at": n, **score(item.get("score"))}
            if "entity_group" in item:
                yield {**name, "type": label}
            else:
                tokens.append({**name, "entity": label, "index": item.get("index")})
    yield from join(tokens, reading.file.texts.get(answer.id))


def join(tokens: Iterable[Mapping[str, Any]], text: str | None) -> Iterator[dict[str, Any]]:
    """Tokens with `start`, `end`, `entity` (tag) and perhaps `index`, in text order → names with start, end and type."""
    before: dict[str, Any] | None = None
    for token in tokens:
        if token["entity"] == "O":
            continue
        prefix, kind = TAG.fullmatch(token["entity"]).groups()  # type: ignore[union-attr]
        name = {"index": None, **token, "type": kind, "closed": prefix in ("E", "L", "S", "U")}
        if before is not None and prefix not in ("B", "S", "U") and _goes_on(before, name, text):
            before |= {"end": name["end"], "index": name["index"], "closed": name["closed"], "word": None, **_lower(before, name)}
            continue
        if before is not None:
            yield before
        before = name
    if before is not None:
        yield before


def _lower(before: Mapping[str, Any], name: Mapping[str, Any]) -> dict[str, Any]:
    """The confidence of a name is that of its least certain token."""
    return {"score": min(before["score"], name["score"])} if "score" in before and "score" in name else {}


def _goes_on(before: Mapping[str, Any], name: Mapping[str, Any], text: str | None) -> bool:
    if before["type"] != name["type"] or before["closed"] or before["end"] > name["start"]:
        return False
    if type(before["index"]) is int and type(name["index"]) is int:
        return bool(name["index"] == before["index"] + 1)
    between = text[before["end"] : name["start"]] if text is not None else ""
    return not between.strip() and (text is not None or name["start"] - before["end"] <= 1)


def _check(name: Mapping[str, Any], answer: Answer, reading: Reading, field: str) -> None:
    """The traps of this format: pieces of words, and offsets into a part of the document."""
    text, word = reading.file.texts.get(answer.id), name["word"]
    start, end = name["start"], name["end"]
    piece = isinstance(word, str) and word.startswith("##")
    if inside_word(text, start) or piece:
        message = f"{start}-{end} ({_shown(text, start, end, word)}) begins within a word: a word-piece"
        at_sign = text is not None and not piece and not (text[start - 1].isalnum() and text[start].isalnum())
        hint = PART_OF_A_NUMBER if at_sign else JOIN
        reading.report("word-piece", message, hint, line=answer.line, document=answer.id, field=field)
    elif text is not None and isinstance(word, str) and _another(word, text[start:end]):
        message = f"{start}-{end} covers {text[start:end]!r}, not {word!r}"
        hint = (
            "Offsets must count in the whole document: add where a sentence or chunk begins, and give the gold's text unchanged."
        )
        reading.report("text-and-offsets-differ", message, hint, line=answer.line, document=answer.id, field=field)


def _shown(text: str | None, start: int, end: int, word: object) -> str:
    return repr(text[start:end] if text is not None else word)


def _another(word: str, covered: str) -> bool:
    """Whether word and text differ in more than a tokeniser changes. Byte-level pieces are compared only where they are ASCII."""
    plain = re.sub(r"^(##|Ġ|▁)|(?<=.)[Ġ▁]", "", word)
    return plain.isascii() and "unk" not in plain.lower() and letters(plain) != letters(covered)
