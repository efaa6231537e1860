"""A dataset as its maintainers keep it: pages, readings, decisions, gold, and the form that annotators see.

dataset/pages/CONFIG/CONFIG-NNN.txt          pages whose texts may be published
dataset/pages/CONFIG.jsonl                   stand-off lines of texts that may not
dataset/pages/cards.jsonl                    page → split, where pages say it
annotations/raw/CONFIG-…-reading-1.json      readings, as Label Studio exported them
annotations/adjudication/decisions.jsonl     what was decided where readings differ
annotations/adjudication/corrections.jsonl   what was changed in the gold since, in order
annotations/adjudication/kept.jsonl          where something differs from the gold, was looked at, and the gold stays
annotations/gold/CONFIG/SPLIT.jsonl          the gold
annotations/labeling.xml                     the form; where it lacks, that of the package
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from volgens.curation.build import read_all_pages, travels
from volgens.model.documents import Document
from volgens.model.gold import Gold, read_gold
from volgens.model.problem import Problem, Where

FORM = "labeling.xml"
RULE = r"^\*\*([A-Z]\d+[a-z]?)\."
PACKAGE = Path(__file__).parent / "label_studio" / FORM
CHECKOUT = Path(__file__).parents[3] / "annotations" / FORM


@dataclass(frozen=True)
class Folder:
    """The folder of one dataset. Nothing is read before it is asked for."""

    root: Path

    @property
    def pages(self) -> Path:
        return self.root / "dataset" / "pages"

    @property
    def raw(self) -> Path:
        return self.root / "annotations" / "raw"

    @property
    def decisions(self) -> Path:
        return self.root / "annotations" / "adjudication" / "decisions.jsonl"

    @property
    def corrections(self) -> Path:
        return self.root / "annotations" / "adjudication" / "corrections.jsonl"

    def gold_file(self, config: str, split: str) -> Path:
        return self.root / "annotations" / "gold" / config / f"{split}.jsonl"

    @property
    def kept(self) -> Path:
        return self.root / "annotations" / "adjudication" / "kept.jsonl"

    @property
    def form(self) -> str:
        """The labelling configuration."""
        own = self.root / "annotations" / FORM
        return next(path for path in (own, PACKAGE, CHECKOUT) if path.exists()).read_text(encoding="utf-8")

    def rules(self) -> set[str]:
        """The numbers of the guidelines' rules (`E14`); empty where the folder has no guidelines."""
        pages = sorted((self.root / "annotations" / "guidelines").glob("*.md"))
        return {rule for page in pages for rule in re.findall(RULE, page.read_text(encoding="utf-8"), re.MULTILINE)}

    def unknown_rules(self, rules: Iterable[str]) -> list[Problem]:
        """A problem for each rule that the guidelines do not have."""
        known = self.rules()
        hint = "Name the rule by which it was decided; a case that no rule decides gets one in the guidelines first."
        return [
            Problem(Where(field=rule), "unknown-rule", f"the guidelines have no rule {rule!r}", hint)
            for rule in sorted(set(rules) - known)
            if known and rule
        ]

    def configs(self) -> list[str]:
        """The configurations that have pages or gold."""
        pages, _ = read_all_pages(self.pages) if self.pages.is_dir() else ([], [])
        gold = self.root / "annotations" / "gold"
        return sorted({one.config for one in pages} | {path.name for path in gold.glob("*") if path.is_dir()})

    def travels(self, config: str) -> bool:
        """Whether the texts of a configuration may be published."""
        return travels(self.pages, config)

    def golds(self, config: str) -> tuple[dict[str, tuple[str, Gold]], list[Problem]]:
        """document id → its split and its gold, and what could not be read or stands there twice."""
        found: dict[str, tuple[str, Gold]] = {}
        problems: list[Problem] = []
        for path in sorted(self.gold_file(config, "x").parent.glob("*.jsonl")):
            golds, unread = read_gold(path)
            problems += unread
            for gold in golds:
                if gold.id in found:
                    where = Where(str(path), document=gold.id)
                    message = f"the document also has gold in {found[gold.id][0]}.jsonl"
                    problems.append(Problem(where, "duplicate-document", message, "Keep one line for each document."))
                found[gold.id] = path.stem, gold
        return found, problems

    def documents(self, config: str, split: str | None = None, texts: Path | None = None) -> tuple[list[Document], list[Problem]]:
        """The documents of a configuration (and split) with whatever gold there is; `provenance` is None where there is none.

        `texts`: the folder that holds the texts of a configuration that does not travel. All problems; then no documents.
        """
        if not self.pages.is_dir():
            return [], [Problem(Where(str(self.pages)), "no-pages", "no such folder", "Name the dataset's folder with --root.")]
        pages, problems = read_all_pages(self.pages, {config: texts} if texts else None)
        golds, unread = self.golds(config)
        found = next((one.documents for one in pages if one.config == config), [])
        if not found and not problems:
            known = ", ".join(one.config for one in pages) or "none"
            problems = [Problem(Where(str(self.pages)), "no-pages", f"no pages of {config!r}", f"Name one of: {known}.")]
        joined = []
        for document in found:
            home, gold = golds.get(document.id, (document.split, None))
            try:
                here = replace(document, split=home)
                joined.append(gold.on(here) if gold else here)
            except ValueError as error:
                where = Where(str(self.gold_file(config, home)), document=document.id)
                problems.append(Problem(where, "another-text", str(error), "Put the page back as it was annotated."))
        chosen = [document for document in joined if split is None or document.split == split]
        if joined and not chosen:
            message = f"{config!r} has no documents in split {split!r}"
            hint = f"Name one of: {', '.join(sorted({d.split for d in joined}))}."
            problems.append(Problem(Where(str(self.pages)), "no-such-split", message, hint))
        problems += unread
        return [] if problems else chosen, problems


def without_text(found: Iterable[Document]) -> list[Problem]:
    """A problem where there are documents that annotators could not read."""
    lost = [document.id for document in found if document.text is None]
    message = f"{len(lost)} documents have no text: {', '.join(lost[:3])}{' …' if len(lost) > 3 else ''}"
    hint = "Name the folder that holds their texts: --texts DIR."
    return [Problem(Where(), "no-text", message, hint)] if lost else []


def nearest(start: Path) -> Path:
    """The dataset's folder at `start` or above it; `start` where there is none."""
    return next((path for path in (start, *start.parents) if (path / "dataset" / "pages").is_dir()), start)
