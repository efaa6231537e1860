"""The foreign formats by name: the one list that detection, reading and the command line go by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from volgens.readers.foreign import (
    brat,
    conll,
    docbin,
    doccano,
    gliner,
    gliner2,
    gliner_train,
    label_studio,
    label_studio_min,
    langextract,
    llm,
    pipeline,
    prodigy,
    spacy_json,
    spacy_train,
    tagged,
)
from volgens.readers.foreign.reading import File, Reading


class Format(NamedTuple):
    """A foreign format: its reader and a line of description.

    `document` tells whether a JSON value is a document of it, `item` whether an object in a list is an item of it; formats
    that are not JSON have neither. `options` are those of `reading.Options` that it takes.
    """

    read: Callable[[File], Reading]
    description: str
    document: Callable[[Any], bool] | None = None
    item: Callable[[Any], bool] | None = None
    options: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    "hf-pipeline": Format(pipeline.read, pipeline.DESCRIPTION, item=pipeline.recognise),
    "gliner": Format(gliner.read, gliner.DESCRIPTION, item=gliner.recognise),
    "gliner2": Format(gliner2.read, gliner2.DESCRIPTION, gliner2.recognise),
    "gliner-train": Format(gliner_train.read, gliner_train.DESCRIPTION, gliner_train.recognise),
    "spacy-json": Format(spacy_json.read, spacy_json.DESCRIPTION, spacy_json.recognise),
    "spacy-docbin": Format(docbin.read, docbin.DESCRIPTION),
    "spacy-train": Format(spacy_train.read, spacy_train.DESCRIPTION, spacy_train.recognise),
    "prodigy": Format(prodigy.read, prodigy.DESCRIPTION, prodigy.recognise),
    "doccano": Format(doccano.read, doccano.DESCRIPTION, doccano.recognise),
    "langextract": Format(langextract.read, langextract.DESCRIPTION, langextract.recognise),
    "conll": Format(conll.read, conll.DESCRIPTION, options=("scheme", "columns")),
    "tagged": Format(tagged.read, tagged.DESCRIPTION, tagged.recognise, options=("scheme",)),
    "brat": Format(brat.read, brat.DESCRIPTION),
    "label-studio": Format(label_studio.read, label_studio.DESCRIPTION, label_studio.recognise),
    "label-studio-min": Format(label_studio_min.read, label_studio_min.DESCRIPTION, label_studio_min.recognise),
    "llm": Format(llm.read, llm.DESCRIPTION, llm.recognise, options=("unusable",)),
}
FOLDERS = ("brat", "conll")
"""The formats that may lie in a folder, a document a file."""
LAST = "llm"
"""The format that is recognised where no other is: a language model's replies may look like anything."""
