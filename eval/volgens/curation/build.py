"""Pages and gold → the dataset: Parquet files, the card that `load_dataset` reads, and statistics.

A build depends on the pages, the gold and the prose of the card, on nothing else: no clock, no machine. Two builds of the same
state have the same rows, the same sha256 of the rows and the same README.md and statistics.json, byte for byte. The bytes of a
Parquet file also depend on the version of pyarrow that wrote it, so a file whose content would be the same is left as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from volgens.curation.card import Corrected, Split, fill
from volgens.curation.dataset_folder import write_folder
from volgens.curation.hub import write_hub_files
from volgens.curation.pages import read_pages
from volgens.curation.quotas import FILE as QUOTAS
from volgens.curation.quotas import read_marks
from volgens.curation.standoff import read_standoff, restore
from volgens.curation.statistics import describe
from volgens.curation.stub import stub
from volgens.model.checks import check_gold
from volgens.model.documents import Document
from volgens.model.gold import Gold, compact, read_gold, write_text
from volgens.model.problem import Problem, Where

VERSION = "0.2.0"
DEFAULT = "own"
CARDS = "cards.jsonl"
DOCUMENTS = "documents.jsonl"
"""In a configuration's folder: documents that did not come from pages, with their texts."""

Texts = Mapping[str, Path]
"""configuration → the folder that holds its texts somewhere"""


class Pages(NamedTuple):
    """The documents of one configuration, without gold; `declared` are the ids of those whose page says its split."""

    config: str
    documents: list[Document]
    declared: frozenset[str] = frozenset()


def build(root: Path, out: Path | None = None, texts: Texts | None = None) -> tuple[list[Split], list[Problem]]:
    """Write the dataset of the repository at `root` to `out`: what was written, or all problems and nothing written.

    Without `texts` those that may not travel are null, and `out` is `root/dataset`; then the blocks of DATASET_CARD.md are filled
    too. With `texts`, for a configuration the folder that holds them somewhere, they are restored, and `out` is `root/restored`;
    it is refused where git would track it. Pages none of whose documents has gold are not in the dataset yet: see `without_gold`.
    """
    target = out or root / ("restored" if texts else "dataset")
    if texts and (refused := refuse_tracked(target, root)):
        return [], [refused]
    pages, problems = read_all_pages(root / "dataset" / "pages", texts)
    left_out = without_gold(root, pages)
    annotated = [one for one in (_annotated(one, left_out.get(one.config, ())) for one in pages) if one.documents] or pages
    documents = [joined for one in annotated for joined in _join(one, root / "annotations" / "gold", problems)]
    if problems:
        return [], problems
    splits = _splits(documents)
    agreement, checked = (_measured(root / "annotations" / f"{name}.json") for name in ("agreement", "spot_check"))
    corrected, problems = _read_corrected(root / "annotations" / "adjudication" / "corrections.jsonl")
    marks, unread = read_marks(root / "dataset" / "pages" / QUOTAS)
    if problems := problems + unread:
        return [], problems
    prose = root / "DATASET_CARD.md"
    written = prose.read_text(encoding="utf-8") if prose.exists() else stub(root.resolve().name)
    card, problems = fill(written, splits, VERSION, agreement, corrected, checked)
    if problems:
        return [], problems
    write_folder(target, splits, card, marks=marks, restored=bool(texts), default=DEFAULT, version=VERSION)
    if not texts:
        write_hub_files(target, card, splits, VERSION, _released(root))
    if target.resolve() == (root / "dataset").resolve():
        write_text(prose, card)
    return splits, []


def _measured(path: Path) -> Any:
    """What was measured and lies in a file; None where it has not been."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _released(root: Path) -> str | None:
    """The day of the release, where a citation file tells it."""
    citation = root / "CITATION.cff"
    found = (
        re.search(r"^date-released: *(\S+)", citation.read_text(encoding="utf-8"), re.MULTILINE) if citation.exists() else None
    )
    return found[1] if found else None


def _read_corrected(path: Path) -> tuple[list[Corrected], list[Problem]]:
    """What was corrected, of a file of corrections; a file that is not there holds none."""
    found, problems = [], []
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else (), 1):
        try:
            row = json.loads(text)
            found.append(Corrected(row["document"], row["by"]))
        except (ValueError, TypeError, KeyError) as error:
            where = Where(str(path), line)
            problems.append(Problem(where, "not-a-decision", f"not a correction: {error!s:.100}", "Restore the line."))
    return found, problems


def refuse_tracked(out: Path, root: Path) -> Problem | None:
    """A problem unless git ignores `out` or has nothing to do with it."""
    out = out.resolve()
    above = next(folder for folder in (out, *out.parents) if folder.is_dir())
    hint = "Give a folder that git ignores, such as restored, or one outside any repository."
    problem = Problem(Where(str(out)), "tracked-output", "restored text may not lie where git tracks files", hint)
    try:
        inside = subprocess.run(["git", "-C", str(above), "rev-parse", "--is-inside-work-tree"], capture_output=True)
        if inside.returncode != 0:
            return None
        names = [str(out / "README.md"), str(out / "data" / "config" / "split.parquet")]
        ignored = subprocess.run(["git", "-C", str(above), "check-ignore", *names], capture_output=True, text=True)
        tracked = subprocess.run(["git", "-C", str(above), "ls-files", "--", str(out)], capture_output=True, text=True)
        return None if len(ignored.stdout.split("\n")) == len(names) + 1 and not tracked.stdout else problem
    except FileNotFoundError:
        outside = not out.is_relative_to(root.resolve()) or out.is_relative_to(root.resolve() / "restored")
        return None if outside else problem


def without_gold(root: Path, pages: Iterable[Pages]) -> dict[str, list[str]]:
    """Configuration → its pages of which no document is annotated yet, where there are any."""
    found = {}
    for one in pages:
        known = {gold.id for _, gold in _read_gold(root / "annotations" / "gold" / one.config)[0]}
        begun = {document.page for document in one.documents if document.id in known}
        if waiting := sorted({document.page for document in one.documents} - begun):
            found[one.config] = waiting
    return found


def _annotated(pages: Pages, waiting: Collection[str]) -> Pages:
    return pages._replace(documents=[document for document in pages.documents if document.page not in waiting])


def read_all_pages(folder: Path, texts: Texts | None = None) -> tuple[list[Pages], list[Problem]]:
    """Every configuration under dataset/pages that can be read, the default one first: a folder of pages, or a stand-off file.

    A split is what the page's card or stand-off line says, else `test`. `texts`: configuration → the folder that holds the texts
    of its stand-off lines.
    """
    found: list[Pages] = []
    splits, problems = read_splits(folder / CARDS)
    paths = {path.stem: path for path in folder.iterdir() if path.name not in ("README.md", CARDS, QUOTAS)}
    for config in sorted((texts or {}).keys() - {name for name, path in paths.items() if path.is_file()}):
        message = f"{config!r} has no stand-off lines to restore"
        problems.append(Problem(Where(str(folder)), "not-standoff", message, "Name the folder for another configuration."))
    for config, path in sorted(paths.items(), key=lambda item: (item[0] != DEFAULT, item[0])):
        documents, wrong = _read_config(path, (texts or {}).get(config))
        problems += wrong
        if documents:
            known = frozenset(d.id for d in documents if path.is_file() or d.page in splits)
            found.append(Pages(config, [replace(d, split=splits.get(d.page, d.split)) for d in documents], known))
    return found, problems


def read_splits(cards: Path) -> tuple[dict[str, str], list[Problem]]:
    """Page → its split, from the cards that the pages were written from, one a line. A file that is not there says nothing."""
    splits, problems = {}, []
    for line, text in enumerate(cards.read_text(encoding="utf-8").splitlines() if cards.exists() else (), 1):
        try:
            row = json.loads(text)
            splits[row["id"]] = str(row["split"])
        except (ValueError, TypeError, KeyError) as error:
            problems.append(Problem(Where(str(cards), line), "not-a-card", f"no card: {error!s:.200}", "Give `id` and `split`."))
    return splits, problems


def _read_config(path: Path, texts: Path | None) -> tuple[list[Document], list[Problem]]:
    """The documents, unless a page or a line is bad; without their texts where these are not found."""
    if path.is_dir():
        documents, wrong = read_pages(path.glob("*.txt"), path.name)
        others, unread = _read_documents(path / DOCUMENTS, path.name)
        return [] if wrong + unread else [*documents, *others], wrong + unread
    if path.suffix != ".jsonl":
        hint = "Keep pages in a folder named after their configuration, stand-off lines in a .jsonl file."
        return [], [Problem(Where(str(path)), "unknown-file", "neither pages nor stand-off lines", hint)]
    stripped, wrong = read_standoff(path, path.stem)
    if wrong:
        return [], wrong
    documents, wrong = restore(stripped, texts) if texts else ([], [])
    return documents or [s.document for s in stripped], wrong


def _read_documents(path: Path, config: str) -> tuple[list[Document], list[Problem]]:
    """The documents of a file with texts. A file that is not there holds none."""
    found, problems = [], []
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else (), 1):
        try:
            found.append(Document.from_dict({**json.loads(text), "config": config}))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            where = Where(str(path), line)
            problems.append(Problem(where, "not-a-document", f"no document: {error!s:.200}", "Import the file again."))
    return found, problems


def travels(pages: Path, config: str) -> bool:
    """Whether the texts of a configuration may be published: where its pages lie under `pages` as they are, not stand-off."""
    return (pages / config).is_dir()


def _join(pages: Pages, gold: Path, problems: list[Problem]) -> list[Document]:
    """The configuration's documents with their gold, whose file says their split; adds to `problems`."""
    documents = {document.id: document for document in pages.documents}
    annotated, unread = _read_gold(gold / pages.config)
    problems += unread
    joined: dict[str, Document] = {}
    for where, annotation in annotated:
        document = documents.get(annotation.id)
        split = Path(where.file or "").stem
        if wrong := _mismatch(annotation, document, annotation.id in joined):
            problems.append(Problem(where, *wrong))
        elif document is not None and document.id in pages.declared and document.split != split:
            message = f"its page belongs to {document.split}, its gold lies in {split}"
            problems.append(Problem(where, "another-split", message, f"Move the line to {document.split}.jsonl."))
        elif document is not None:
            row = annotation.on(replace(document, split=split))
            joined[row.id] = row
            problems += [p._replace(where=where._replace(field=p.where.field)) for p in check_gold([row])]
    for name in sorted(documents.keys() - {annotation.id for _, annotation in annotated}) if not unread else ():
        where = Where(str(gold / pages.config), document=name)
        problems.append(Problem(where, "no-gold", "a document without gold", "Annotate it, or take its page out."))
    return list(joined.values())


def _read_gold(folder: Path) -> tuple[list[tuple[Where, Gold]], list[Problem]]:
    annotated: list[tuple[Where, Gold]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.jsonl")):
        golds, wrong = read_gold(path)
        lines = sorted(set(range(1, len(golds) + len(wrong) + 1)) - {p.where.line for p in wrong})
        annotated += [(Where(str(path), line, gold.id), gold) for line, gold in zip(lines, golds, strict=True)]
        problems += wrong
    return annotated, problems


def _mismatch(gold: Gold, document: Document | None, known: bool) -> tuple[str, str, str] | None:
    if document is None:
        return "no-page", "no page holds this document", "Add its page, or remove the line."
    if known:
        return "duplicate-document", "the document is annotated twice", "Keep one line for each document, in one split."
    if (gold.length, gold.sha256) != (document.length, document.sha256):
        return (
            "another-text",
            "the gold lies on another text than the page's",
            "Annotate the text that is there, or put the page back.",
        )
    return None


def _splits(documents: Sequence[Document]) -> list[Split]:
    parts: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        parts.setdefault((document.config, document.split), []).append(document)
    found = []
    for (config, name), part in parts.items():
        part.sort(key=lambda document: document.id)
        found.append(Split(config, name, part, fingerprint(part), describe(part)))
    return found


def fingerprint(documents: Sequence[Document]) -> str:
    """The sha256 of the rows as lines of compact JSON, whatever file format holds them."""
    lines = "".join(compact(document.to_dict()) + "\n" for document in documents)
    return hashlib.sha256(lines.encode()).hexdigest()
