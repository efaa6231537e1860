"""`volgens data`: pages and gold to a dataset that `load_dataset` opens, for any folder, configuration and split."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.common import add_form, day, form_of
from volgens.cli.label.common import add_documents, add_step, documents, folder

if TYPE_CHECKING:
    from volgens.curation.profile import Profile
    from volgens.model.problem import Problem


def add(commands: Any) -> None:
    """Add the commands and their arguments."""
    parser = commands.add_parser(
        "data",
        help="pages and gold to a dataset",
        description="Pages and gold to a dataset: parse, import, texts, build, restore, check.",
        epilog="Exit codes: 0 done, 1 problems (all of them are listed), 2 wrong usage. Every command names the next one.",
    )
    steps = parser.add_subparsers(required=True, metavar="STEP")
    _add_parse(steps)
    _add_import(steps)
    texts = add_step(
        steps, "texts", _write_texts, "write documents as texts alone, for `volgens run --gold FILE`, with gold or without"
    )
    add_documents(texts)
    texts.add_argument("--out", type=Path, required=True, metavar="FILE", help="file to write (JSON lines: id, page, text)")
    build = add_step(steps, "build", _build, "write the dataset: Parquet files, the card, statistics", "Missing texts stay null.")
    build.add_argument("--out", type=Path, metavar="DIR", help="folder to write (default: dataset)")
    restore = add_step(steps, "restore", _restore, "write the dataset with the texts that may not travel", "Verified by hash.")
    restore.add_argument(
        "texts", nargs="+", type=_texts, metavar="CONFIG=DIR", help="the folder that holds the texts of a configuration"
    )
    restore.add_argument("--out", type=Path, metavar="DIR", help="folder to write (default: restored); never one that git tracks")
    add_step(steps, "check", _check, "check that pages, readings, decisions, gold and the built dataset agree")


def _add_parse(steps: Any) -> None:
    what = "parse texts that may not travel: write what stands for each document, and never its text"
    parser = add_step(steps, "parse", _parse, what)
    parser.add_argument(
        "pages", type=Path, help="folder with NNN_*.txt, NNN the page's number; or a clone of MEANTIME's token files"
    )
    parser.add_argument("--config", required=True, help="name of the configuration")
    parser.add_argument("--split", default="test", help="split of the pages; token files say their own (default: %(default)s)")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="what the lines of another agency's pages are (TOML)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: dataset/pages/CONFIG.jsonl)")


def _add_import(steps: Any) -> None:
    what = "take documents with gold from a file of yours into a dataset's folder"
    parser = add_step(steps, "import", _import, what)
    parser.add_argument("gold", type=Path, help="a file or folder that `volgens score --gold` reads, with texts")
    parser.add_argument("--config", required=True, help="name of the configuration; it must not have pages yet")
    parser.add_argument("--split", default="test", help="(default: %(default)s)")
    parser.add_argument("--texts-only", action="store_true", help="only the documents, to be labelled; labels are left out")
    parser.add_argument("--by", choices=("person", "model"), help="who annotated; required for gold")
    parser.add_argument("--date", type=day, help="day of annotation, YYYY-MM-DD; required for gold")
    parser.add_argument("--guidelines", default="2", help="version of the guidelines (default: %(default)s)")
    add_form(parser)


def _texts(text: str) -> tuple[str, Path]:
    config, sign, where = text.partition("=")
    if not (config and sign and where):
        raise argparse.ArgumentTypeError(f"{text!r} is not CONFIG=DIR, such as anp=pages")
    return config, Path(where)


def _parse(given: argparse.Namespace) -> Sequence[Problem]:
    from volgens.curation import meantime
    from volgens.curation.pages import profile_beside
    from volgens.curation.profile import read_profile
    from volgens.curation.standoff import strip_pages, write_standoff
    from volgens.model.problem import Problem, ProblemsFound, Where

    pages = sorted(given.pages.glob("*.txt"))
    try:
        profile = read_profile(given.profile) if given.profile else profile_beside(pages)
    except ProblemsFound as found:
        return found.problems
    if meantime.is_clone(given.pages):
        stripped = meantime.strip(given.pages, given.config)
    elif pages:
        stripped, problems = strip_pages(pages, given.config, given.split, profile)
        if problems:
            return problems
        _warn(pages, profile)
    else:
        return [Problem(Where(str(given.pages)), "no-pages", "no *.txt files, no token files", "Name the folder that has them.")]
    out = given.out or folder(given).pages / f"{given.config}.jsonl"
    write_standoff(out, stripped)
    print(f"{out}: {len(stripped)} documents of {len({s.document.page for s in stripped})} pages")
    print(f"next      volgens label push TITLE --config {given.config} --texts {given.pages}")
    return []


def _warn(pages: Sequence[Path], profile: Profile) -> None:
    """Tell the lines that may have been read otherwise than they were meant. They stand in the way of nothing."""
    from volgens.curation.doubts import doubts

    found = [doubt for page in pages for doubt in doubts(page.read_bytes(), str(page), profile)]
    if found:
        print(*found, f"{len(found)} warning{'s' if len(found) > 1 else ''}", sep="\n", file=sys.stderr)


def _import(given: argparse.Namespace) -> Sequence[Problem]:
    from volgens.curation.imported import take_in
    from volgens.model.documents import Provenance

    made = Provenance(given.by, 1, False, False, given.guidelines, given.date) if given.by and given.date else None
    taken, problems = take_in(folder(given), given.gold, given.config, given.split, made, form_of(given), bare=given.texts_only)
    if not problems:
        print(f"{taken.documents} documents in dataset/pages/{given.config}")
        gold = f"annotations/gold/{given.config}/{given.split}.jsonl"
        print(f"{taken.annotated} of them with gold" + (f" in {gold}" if taken.annotated else ", to be labelled"))
        begin = "" if taken.annotated else " --predictions FILE, or without labels to begin with"
        build = "volgens data build; " if taken.annotated else ""
        print(f"next      {build}volgens label push TITLE --config {given.config}{begin}")
    return problems


def _write_texts(given: argparse.Namespace) -> Sequence[Problem]:
    from volgens.curation.build import refuse_tracked
    from volgens.model.gold import compact, write_text

    found, problems = documents(given, need_text=True)
    house = folder(given)
    refused = None if house.travels(given.config) else refuse_tracked(given.out.resolve().parent, house.root)
    if problems := problems + ([refused] if refused else []):
        return problems
    write_text(given.out, "".join(compact({"id": d.id, "page": d.page, "text": d.text}) + "\n" for d in found))
    print(f"{given.out}: {len(found)} texts")
    print(f"next      volgens run EXTRACTOR --gold {given.out} --out predictions.jsonl")
    print(f"then      volgens label push TITLE --config {given.config} --predictions predictions.jsonl")
    return []


def _build(given: argparse.Namespace, texts: dict[str, Path] | None = None) -> Sequence[Problem]:
    from volgens.curation.build import build, read_all_pages, without_gold

    house = folder(given)
    splits, problems = build(house.root, given.out, texts)
    if problems:
        return problems
    for split in splits:
        text = "with text" if split.has_text else "without text"
        print(f"{split.config}/{split.name}: {len(split.documents)} documents {text}, data sha256 {split.sha256}")
    for config, waiting in without_gold(house.root, read_all_pages(house.pages)[0]).items():
        print(f"{config}: {len(waiting)} pages have no gold yet, and are left out: {waiting[0]} … {waiting[-1]}")
    out = given.out or house.root / ("restored" if texts else "dataset")
    print(f"written to {out}")
    print(f"next      volgens score PREDICTIONS --gold {out} --config {splits[0].config} --split {splits[0].name}")
    return []


def _restore(given: argparse.Namespace) -> Sequence[Problem]:
    return _build(given, dict(given.texts))


def _check(given: argparse.Namespace) -> Sequence[Problem]:
    from volgens.curation.state import check

    problems, lines = check(folder(given))
    print(*lines, sep="\n")
    return problems
