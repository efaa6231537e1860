"""Tokens with a tag each, as datasets has them: `{"tokens": ["Ida", …], "ner_tags": ["B-PER", …]}`, JSON lines, Parquet or a
Dataset.

The tag scheme is stated, never guessed. Numbers for tags are read where their names are known: from the features of a
Dataset. How the tokens get their places: `tokens`. An `id` may be added; without it the document is the one of the gold with
these tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from volgens.readers.foreign.container import document_id, values
from volgens.readers.foreign.reading import File, Reading, Row, at
from volgens.readers.foreign.schemes import Scheme, Token, names, stated
from volgens.readers.foreign.tokens import laid

DESCRIPTION = "tokens and ner_tags, as datasets has them; needs --scheme"
TAGS = ("ner_tags", "tags", "ner", "labels")
"""Names of the field of tags; the first that a document has is read."""


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether a document has tokens and as many tags."""
    name = tags_of(document)
    tokens = document.get("tokens")
    return name is not None and isinstance(tokens, list) and all(isinstance(token, str) for token in tokens)


def tags_of(names: Mapping[str, Any]) -> str | None:
    """The name of the field of tags."""
    return next((name for name in TAGS if isinstance(names.get(name), list)), None)


def read(file: File) -> Reading:
    """The rows of a file; each has `entities`, and `text` where the file is gold."""
    reading = Reading(file)
    scheme = stated(reading)
    for line, document in values(reading) if scheme else ():
        name = tags_of(document) if isinstance(document, dict) else None
        if name is None or not isinstance(document.get("tokens"), list) or len(document["tokens"]) != len(document[name]):
            hint = 'Write {"tokens": [ … ], "ner_tags": [ … ]} for every document, as many tags as tokens.'
            reading.report("not-a-document", "this is no document with a tag for every token", hint, line=line)
        elif (
            scheme is not None
            and (tokens := _tokens(document["tokens"], name, document[name], line, scheme, reading)) is not None
        ):
            _add(document, tokens, scheme, line, reading)
    return reading


def _add(document: Mapping[str, Any], tokens: list[Token], scheme: Scheme | None, line: int | None, reading: Reading) -> None:
    found = laid(document_id(document), tokens, (), line, reading)
    if found is not None and scheme is not None:
        row: Row = {"id": found.id, **({"text": found.text} if reading.file.alone else {}), **at(line)}
        reading.rows.append({**row, "entities": list(names(found.id, tokens, found.spans, (), scheme, reading))})


def _tokens(
    words: Sequence[Any], name: str, tags: Sequence[Any], line: int | None, scheme: Scheme, reading: Reading
) -> list[Token] | None:
    """The tokens with their tags; None and problems where a word is none or a tag is not of the form `B-PER`."""
    tokens = []
    for n, (word, tag) in enumerate(zip(words, tags, strict=True)):
        fit = isinstance(tag, str) and isinstance(word, str) and word.strip()
        token = scheme.read(word, tag, line=line, field=f"{name}[{n}]") if fit else None
        if token is None:
            message = f"the token {word!r} has the tag {tag!r}"
            hint = f"Give strings: {scheme.form}."
            if type(tag) is int:
                hint = (
                    "Numbers have no names in a file: give the Dataset itself, with its ClassLabel, or write the tags as strings."
                )
            reading.report("no-tag", message, hint, line=line, field=f"{name}[{n}]")
            return None
        tokens.append(token)
    return tokens
