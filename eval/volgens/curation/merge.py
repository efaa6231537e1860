"""New gold into the files of a configuration: document by document, checked first, whole or not at all.

What is not among the new documents stays as it is. A document that would lose what it has, or comes in empty, is refused
unless it is named: an annotator's slip and a good reason look alike from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from volgens.curation.folder import Folder
from volgens.model.checks import check_gold
from volgens.model.documents import LAYERS, Document
from volgens.model.gold import Gold, write_gold
from volgens.model.problem import Problem, Where


@dataclass(frozen=True)
class Allowed:
    """Documents that may come in without any item, and documents that may lose a layer or most of their items."""

    empty: Collection[str] = ()
    loss: Collection[str] = ()


@dataclass
class Merged:
    """What a merge would do. `changed` and `same` are document ids; `files` are the gold files with all their documents."""

    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    files: dict[Path, list[Gold]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def write(self) -> None:
        """Write the files that changed, each whole or not at all. Doing it again changes nothing."""
        for path, golds in self.files.items():
            write_gold(path, golds)


def merge(
    folder: Folder,
    config: str,
    new: Iterable[Gold],
    documents: Iterable[Document],
    allowed: Allowed | None = None,
    places: Mapping[str, Where] | None = None,
    restamped: Collection[str] = (),
) -> Merged:
    """Put gold in the place of what a configuration has, each document in its own split; the unfit ones are problems, left out.

    `documents` are those that may be changed, as `Folder.documents` gives them; `places` say where each new gold came from. Gold
    whose layers are those that are there is not touched, its provenance neither, but for the documents `restamped`: theirs is
    renewed where it says more than another day.
    """
    allowed = allowed or Allowed()
    by_id = {document.id: document for document in documents}
    known, unread = folder.golds(config)
    merged = Merged(problems=unread)
    if unread:
        return merged
    new = list(new)
    times = Counter(gold.id for gold in new)
    merged.problems += _unknown(allowed, times)
    taken: dict[str, tuple[str, Gold]] = {}
    for gold in new:
        where = (places or {}).get(gold.id, Where(document=gold.id))
        document, old = by_id.get(gold.id), known.get(gold.id, (None, None))[1]
        found = _unfit(gold, document, config, where) or _losses(old, gold, allowed, where)
        if times[gold.id] > 1:
            message = f"the document comes in {times[gold.id]} times"
            found = [Problem(where, "duplicate-document", message, "Choose one annotation of it.")]
        merged.problems += found
        if found or document is None:
            continue
        if old is not None and not differs(old, gold) and (gold.id not in restamped or _same_stamp(old, gold)):
            merged.same.append(gold.id)
        else:
            taken[gold.id] = document.split, gold
    merged.changed = sorted(taken)
    whole = {**known, **taken}
    for split in sorted({split for split, _ in taken.values()}):
        merged.files[folder.gold_file(config, split)] = [gold for home, gold in whole.values() if home == split]
    return merged


def differs(one: Gold, other: Gold) -> bool:
    """Whether two annotations of a document say different things; who says them does not count."""
    first, second = one.to_dict(), other.to_dict()
    return any(first[name] != second[name] for name in first if name != "provenance")


def _same_stamp(one: Gold, other: Gold) -> bool:
    first, second = ({**asdict(gold.provenance), "date": ""} if gold.provenance else None for gold in (one, other))
    return first == second


def _unknown(allowed: Allowed, ids: Collection[str]) -> list[Problem]:
    """A name that allows nothing is a mistake."""
    return [
        Problem(Where(document=name), "nothing-allowed", f"{option} names a document that does not come in", "Correct the id.")
        for option, names in (("--allow-empty", allowed.empty), ("--allow-loss", allowed.loss))
        for name in names
        if name not in ids
    ]


def _unfit(gold: Gold, document: Document | None, config: str, where: Where) -> list[Problem]:
    if document is None:
        message = f"no such document among those of {config!r} that may be changed"
        return [Problem(where, "no-page", message, "Name its configuration (--config) and split (--split), or add its page.")]
    if (gold.length, gold.sha256) != (document.length, document.sha256):
        message = "the annotation lies on another text than the page's"
        return [Problem(where, "another-text", message, "Push the document again and redo it.")]
    if gold.provenance is None:
        return [Problem(where, "no-provenance", "nothing says who annotated", "Say who, when and by which guidelines.")]
    return [p._replace(where=where._replace(field=p.where.field)) for p in check_gold([gold.on(document)])]


def _losses(old: Gold | None, new: Gold, allowed: Allowed, where: Where) -> list[Problem]:
    before = {layer: len(getattr(old, layer) or ()) if old else 0 for layer in LAYERS}
    after = {layer: len(getattr(new, layer) or ()) for layer in LAYERS}
    if not sum(after.values()):
        said = f"all {sum(before.values())} items would go" if sum(before.values()) else "the annotation is empty"
        hint = f"If nothing is there to label, say so: --allow-empty {new.id}."
        return [] if new.id in allowed.empty or (old and not sum(before.values())) else [Problem(where, "empty", said, hint)]
    gone = [f"all {before[layer]} {layer}" for layer in LAYERS if before[layer] and not after[layer]]
    if not gone and 2 * sum(after.values()) < sum(before.values()):
        gone = [f"{sum(before.values()) - sum(after.values())} of {sum(before.values())} items"]
    if not gone or new.id in allowed.loss:
        return []
    return [Problem(where, "loss", f"{' and '.join(gone)} would go", f"If that is meant, say so: --allow-loss {new.id}.")]
