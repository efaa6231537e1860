"""Gold in any form → a dataset's folder of one's own: documents with offsets and hashes, a card to begin with, counts.

The folder is what `load_dataset` opens, and what `--gold` takes. A configuration or a split more is added to what is there; the
prose of its card is kept. Labels of any kind may be in it, and fields that our scheme asks for may lack. It holds no pages and no
readings: gold that is to be annotated on goes into the annotation loop by `imported.take_in`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from volgens.curation.build import fingerprint
from volgens.curation.card import FRONT, Split, fill_blocks
from volgens.curation.dataset_folder import write_folder
from volgens.curation.pages import digest, sealed
from volgens.curation.statistics import describe
from volgens.curation.stub import stub
from volgens.model.documents import Document, Segment
from volgens.model.problem import Problem, Where
from volgens.readers.corpus import load_gold
from volgens.readers.gold_documents import documents

VERSION = "1.0.0"
MADE = ("annotations_creators", "configs", "dataset_info")
"""The keys of a card's YAML that are made anew."""
CONFIG = re.compile(r"\w[\w.-]*")
SPLIT = re.compile(r"\w+(\.\w+)*")
"""What `datasets` takes for names."""


class Added(NamedTuple):
    """The splits of the folder after it, and which of them was added."""

    splits: list[Split]
    added: Split


def add(out: Path, gold: pl.DataFrame, config: str, split: str, *, instead: bool = False) -> tuple[Added | None, list[Problem]]:
    """Write the documents of a frame of gold (`corpus.load_gold`) as `config` and `split` of the folder `out`.

    All problems and nothing written, or what was. A split that is there is a problem unless it is written `instead`.
    """
    problems = [*_unfit(out, config, split, instead), *_unknown_length(gold)]
    if problems:
        return None, problems
    new = [
        _sealed(document, row, config, split) for document, row in zip(documents(gold), gold.sort("id").to_dicts(), strict=True)
    ]
    parts = {name: found for name, found in _there(out).items() if name != (config, split)} | {(config, split): new}
    splits = [Split(*name, found, fingerprint(found), describe(found)) for name, found in sorted(parts.items())]
    card = out / "README.md"
    prose = _prose(card.read_text(encoding="utf-8")) if card.exists() else stub(out.resolve().name, elsewhere=True)
    write_folder(out, splits, fill_blocks(prose, splits, VERSION), default=splits[0].config, version=VERSION)
    return Added(splits, next(one for one in splits if (one.config, one.name) == (config, split))), []


def _unfit(out: Path, config: str, split: str, instead: bool) -> Iterable[Problem]:
    where = Where(str(out))
    if not CONFIG.fullmatch(config):
        yield Problem(
            where._replace(field="--config"), "wrong-name", f"{config!r} is no name", "Use letters, digits, _ - and dots."
        )
    if not SPLIT.fullmatch(split):
        yield Problem(where._replace(field="--split"), "wrong-name", f"{split!r} is no name", "Use letters, digits and _.")
    if (out / "pages").is_dir():
        hint = "Take the gold in by `volgens data import`, and build; or name another folder with --out."
        yield Problem(where, "built-folder", "this folder has pages, so that a build writes it", hint)
    if (path := out / "data" / config / f"{split}.parquet").exists() and not instead:
        hint = "Choose another --config or --split, or write it anew with --replace."
        yield Problem(Where(str(path)), "split-there", "the folder has this split", hint)
    card = out / "README.md"
    if card.exists() and not FRONT.match(card.read_text(encoding="utf-8")):
        hint = "Begin it with YAML between two lines of three dashes, or move it away."
        yield Problem(Where(str(card)), "no-card", "the card has no YAML head", hint)


def _unknown_length(gold: pl.DataFrame) -> Iterable[Problem]:
    for name in gold.filter(pl.col("text").is_null() & pl.col("length").is_null())["id"]:
        hint = "Give the text, or the length in characters."
        yield Problem(Where(document=name, field="length"), "no-length", "neither text nor length is known", hint)


def _sealed(document: Document, row: Mapping[str, Any], config: str, split: str) -> Document:
    """The document in its split, with the hashes of its text; one without segments is one paragraph."""
    text = document.text
    if text is not None:
        segments, sha256 = sealed(document.segments, text), digest(text)
    else:
        segments, sha256 = document.segments or (Segment("paragraph", 0, document.length),), document.sha256
    canary = row.get("canary") or ""  # ours is for our own documents
    return replace(document, config=config, split=split, segments=segments, sha256=sha256, canary=canary)


def _there(out: Path) -> dict[tuple[str, str], list[Document]]:
    """The documents that the folder has, by configuration and split."""
    paths = sorted(out.glob("data/*/*.parquet"))
    return {(path.parent.name, path.stem): documents(load_gold(gold=path, labels="any")) for path in paths}


def _prose(card: str) -> str:
    """The card without what is made anew."""
    import yaml

    front = FRONT.match(card)
    assert front is not None
    kept = {name: value for name, value in (yaml.safe_load(front["yaml"]) or {}).items() if name not in MADE}
    return f"---\n{yaml.safe_dump(kept, sort_keys=False, allow_unicode=True)}---\n\n{front['body'].lstrip()}"
