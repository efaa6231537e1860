"""The dataset card: prose by hand, numbers by the build.

`DATASET_CARD.md` holds the prose and marked blocks (`<!-- generated: name -->` … `<!-- end -->`), which the build fills. The
`README.md` beside the data is the same card with what `load_dataset` needs above it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from volgens import blocks
from volgens.curation.features import card_features, given_sparse
from volgens.model.documents import CANARY, Document, Provenance
from volgens.model.gold import compact
from volgens.model.problem import Problem

FRONT = re.compile(r"\A---\n(?P<yaml>.*?)^---\n(?P<body>.*)", re.DOTALL | re.MULTILINE)
CREATORS = {"model": "machine-generated", "person": "expert-generated"}
KEPT_OUT = """> This copy holds the text of the agency's pages. It is not ours to give: keep it out of repositories, releases and
> training data.

"""


class Split(NamedTuple):
    """One split of one configuration: its documents, the sha256 of their rows, and its counts."""

    config: str
    name: str
    documents: Sequence[Document]
    sha256: str
    counts: Mapping[str, Any]

    @property
    def has_text(self) -> bool:
        return all(document.text is not None for document in self.documents)

    @property
    def num_bytes(self) -> int:
        """Bytes of the rows as lines of compact JSON, those that `sha256` is taken of: the same under every release of Arrow."""
        return sum(len(compact(document.to_dict()).encode()) + 1 for document in self.documents)

    @property
    def gold(self) -> str:
        """What the signature of a score calls these labels."""
        from volgens.readers.jsonl import Labels
        from volgens.readers.native import read
        from volgens.scoring.digest import fingerprint

        return fingerprint(read([document.to_dict() for document in self.documents], labels=Labels(any=True)).frame)


class Corrected(NamedTuple):
    """One label that was changed after the gold was made, and by what (`model` or `person`)."""

    document: str
    by: str


def fill(
    card: str, splits: Sequence[Split], version: str, agreement: Mapping[str, Any] | None, corrected: Sequence[Corrected] = ()
) -> tuple[str, list[Problem]]:
    """The card with its blocks filled, and which of them it lacks or has too many."""
    made = {
        "version": _version(version),
        "splits": _splits(splits),
        "labels": _labels(splits),
        "provenance": _provenance(splits, corrected),
        "agreement": _agreement(splits, agreement),
        "canary": f"`{CANARY}`",
    }
    return blocks.fill(card, made, "DATASET_CARD.md")


def fill_blocks(card: str, splits: Sequence[Split], version: str) -> str:
    """A card of a dataset of one's own with those of its blocks filled that a count can fill; others stay as they are."""
    return blocks.fill_known(card, {"version": _version(version), "splits": _splits(splits), "labels": _labels(splits)})


def readme(card: str, splits: Sequence[Split], default: str, version: str, restored: bool) -> str:
    """The filled card as the `README.md` of the folder that `load_dataset` opens.

    Version and sha256 of the data stand in it for each configuration: `datasets` makes the key of its cache from the YAML alone.
    """
    import yaml

    front = FRONT.match(card)
    assert front is not None, "DATASET_CARD.md begins with YAML between two lines of three dashes"
    head = {**_creators(splits), "configs": _configs(splits, default, version), "dataset_info": _infos(splits, version)}
    text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=10_000)
    warning = KEPT_OUT if restored else ""
    return f"---\n{front['yaml']}{text}---\n\n{warning}{front['body'].lstrip()}"


def _by_config(splits: Sequence[Split]) -> dict[str, list[Split]]:
    configs: dict[str, list[Split]] = {}
    for split in splits:
        configs.setdefault(split.config, []).append(split)
    return configs


def _creators(splits: Sequence[Split]) -> dict[str, list[str]]:
    annotators = sorted({p.annotator for split in splits for p in _provenances(split)})
    return {"annotations_creators": [CREATORS[annotator] for annotator in annotators]}


def _configs(splits: Sequence[Split], default: str, version: str) -> list[dict[str, Any]]:
    return [
        {
            "config_name": config,
            **({"default": True} if config == default else {}),
            "version": version,
            "description": _description(config, parts),
            "data_files": [{"split": part.name, "path": f"data/{config}/{part.name}.parquet"} for part in parts],
        }
        for config, parts in _by_config(splits).items()
    ]


def _infos(splits: Sequence[Split], version: str) -> list[dict[str, Any]]:
    return [
        {
            "config_name": config,
            "description": _description(config, parts),
            "version": version,
            "features": card_features(given_sparse(document for part in parts for document in part.documents)),
            "splits": [{"name": part.name, "num_bytes": part.num_bytes, "num_examples": len(part.documents)} for part in parts],
        }
        for config, parts in _by_config(splits).items()
    ]


def _description(config: str, parts: Sequence[Split]) -> str:
    text = "with text" if all(part.has_text for part in parts) else "without text"
    return f"Volgens, configuration {config}, {text}; data " + ", ".join(f"{part.name} sha256 {part.sha256}" for part in parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _version(version: str) -> str:
    return f"Version of the data: {version}."


def _splits(splits: Sequence[Split]) -> str:
    head = (
        *("configuration", "split", "text", "pages", "articles", "teasers", "characters", "names", "figures", "attributions"),
        "gold in a signature",
    )
    rows = [
        (
            f"`{split.config}`",
            f"`{split.name}`",
            "yes" if split.has_text else "no (null)",
            split.counts["pages"],
            split.counts["documents by kind"].get("article", 0),
            split.counts["documents by kind"].get("teaser", 0),
            split.counts["characters"],
            split.counts["entities"]["total"],
            split.counts["figures"]["total"],
            split.counts["attributions"]["total"],
            f"`{split.gold}`",
        )
        for split in splits
    ]
    return _table(head, rows)


LABELS: dict[str, Callable[[Mapping[str, Any]], Mapping[str, int] | int]] = {
    "names by type": lambda c: c["entities"]["by type"],
    "countries and towns by role": lambda c: c["entities"]["by role"],
    "names inside another name": lambda c: c["entities"]["inside another name"],
    "figures by kind": lambda c: c["figures"]["by kind"],
    "figures by bound": lambda c: c["figures"]["by bound"],
    "figures by change": lambda c: c["figures"].get("by change", 0),
    "figures that a source claims": lambda c: c["figures"]["claimed by a source"],
    "figures that nobody claims, after a source": lambda c: c["figures"]["claimed by nobody, after a source"],
    "attributions by kind": lambda c: c["attributions"]["by kind"],
    "attributions by kind of source": lambda c: c["attributions"]["by source_kind"],
    "attributions by stance": lambda c: c["attributions"]["by stance"],
    "attributions hedged": lambda c: c["attributions"]["hedged"],
    "attributions without a cue": lambda c: c["attributions"].get("without a cue", 0),
    "attributions inside another": lambda c: c["attributions"]["with parent"],
}


LATER = ("figures by change", "attributions without a cue")
"""Rows that are told only where there is something to count: version 1 of the guidelines had neither."""


def _labels(splits: Sequence[Split]) -> str:
    rows = [
        (name, *(_counts(pick(split.counts)) for split in splits))
        for name, pick in LABELS.items()
        if name not in LATER or any(pick(split.counts) for split in splits)
    ]
    return _table(("count of", *(f"`{split.config}` {split.name}" for split in splits)), rows)


def _counts(value: Mapping[str, int] | int) -> str:
    return str(value) if isinstance(value, int) else ", ".join(f"{name} {n}" for name, n in value.items()) or "0"


def _provenances(split: Split) -> Counter[Provenance]:
    return Counter(document.provenance for document in split.documents if document.provenance is not None)


def _provenance(splits: Sequence[Split], corrected: Sequence[Corrected]) -> str:
    lines = []
    for split in splits:
        undated: Counter[Provenance] = Counter()
        for provenance, n in _provenances(split).items():
            undated[replace(provenance, date="")] += n
        dates = sorted(p.date for p in _provenances(split))
        when = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
        lines += [f"- `{split.config}`, {split.name}: {_how(p, n)}, {when}." for p, n in sorted(undated.items(), key=str)]
        lines += _corrections(split, corrected)
    return "\n".join(lines)


def _corrections(split: Split, corrected: Sequence[Corrected]) -> list[str]:
    """What was changed since, one label at a time: such a document was not read anew as a whole unless its provenance says so."""
    ids = {document.id for document in split.documents}
    mine = [one for one in corrected if one.document in ids]
    if not mine:
        return []
    by = Counter("a language model" if one.by == "model" else "people" for one in mine)
    who = ", ".join(f"{n} by {name}" for name, n in sorted(by.items()))
    documents = len({one.document for one in mine})
    return [f"- `{split.config}`, {split.name}: {len(mine)} labels in {documents} documents were corrected since, {who}."]


def _how(p: Provenance, documents: int) -> str:
    return ", ".join(
        (
            f"{documents} documents",
            "labels made by a language model, not checked by people" if p.annotator == "model" else "labelled by people",
            _readings(p),
            "blind (no labels to begin from)" if p.blind else "begun from pre-annotated labels",
            "adjudicated" if p.adjudicated else "not adjudicated",
            f"guidelines version {p.guidelines}",
        )
    )


def _readings(p: Provenance) -> str:
    if p.readings == 1:
        return "one reading"
    return f"{p.readings} readings by the same model" if p.annotator == "model" else f"{p.readings} independent readings"


def _published(measured: Mapping[str, Any]) -> str:
    from volgens.curation.published import table

    head, *rows = table(measured)
    told = f"The names of `wikinews` held against those that people published, over {measured['documents']} documents:"
    return f"{told}\n\n{_table(head, rows)}"


def _agreement(splits: Sequence[Split], measured: Mapping[str, Any] | None) -> str:
    if measured is not None:
        from volgens.curation.agreement import table

        head, *rows = table(measured)
        told = f"{measured['what']}\n\n{_table(head, rows)}"
        return f"{told}\n\n{_published(measured['published'])}" if "published" in measured else told
    if all(p.readings == 1 for split in splits for p in _provenances(split)):
        return "None is known yet: every document has been read once, and one reading has nothing to agree with."
    return "None is published yet."
