"""GLiNER's training data: `{"tokenized_text": ["Ida", "Holm", …], "ner": [[0, 1, "person"], …]}`, token numbers with the last
included.

How the tokens get their places: `tokens`. An `id` may be added; without it the document is the one of the gold with these tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from volgens.readers.foreign.container import Value, document_id, values
from volgens.readers.foreign.reading import File, Reading, Row, at
from volgens.readers.foreign.schemes import Token
from volgens.readers.foreign.tokens import Laid, laid

DESCRIPTION = "GLiNER's training data: tokens and spans of tokens"


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether a document is one of this format."""
    return isinstance(document.get("tokenized_text"), list) and "ner" in document


def read(file: File) -> Reading:
    """The rows of a file; each has `entities`, and `text` where the file is gold."""
    reading = Reading(file)
    for value in values(reading):
        document = value.value
        words = document.get("tokenized_text") if isinstance(document, dict) else None
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            hint = 'Write {"tokenized_text": [ … ], "ner": [[first, last, label], … ]} for every document.'
            reading.report("not-a-document", "tokenized_text is no list of words", hint, line=value.line)
            continue
        found = laid(document_id(document), [Token(word, line=value.line) for word in words], (), value.line, reading)
        if found is not None:
            own = {"text": found.text} if file.alone else {}
            reading.rows.append({"id": found.id, **own, "entities": list(_items(found, value, reading)), **at(value.line)})
    return reading


def _items(found: Laid, value: Value, reading: Reading) -> Iterator[Row]:
    given = value.value.get("ner") or []
    for n, span in enumerate(given if isinstance(given, list) else [given]):
        whole = isinstance(span, list) and len(span) == 3 and type(span[0]) is int and type(span[1]) is int
        if not whole or not isinstance(span[2], str) or not 0 <= span[0] <= span[1] < len(found.spans):
            message = f"{str(span)[:40]!r} is no span of {len(found.spans)} tokens"
            hint = "Give [first, last, label]: numbers of tokens from 0, the last one included."
            reading.report("no-span", message, hint, line=value.line, document=found.id, field=f"ner[{n}]")
        else:
            yield {"start": found.spans[span[0]].start, "end": found.spans[span[1]].end, "type": span[2], **at(value.line)}
