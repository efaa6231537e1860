"""Run a system of systems.toml over a split, and give it its row: `scripts/score_results.py --system NAME`."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from volgens.board.results import About, of_run, write
from volgens.readers.corpus import load_gold
from volgens.readers.native import Reading

from baselines.systems import System, module_of, more, on, versions

ROOT = Path(__file__).resolve().parents[2]
RESTORED = ROOT / "restored"


class Place(NamedTuple):
    """A configuration and split, and where its texts are: None for our own dataset, which carries them."""

    config: str
    split: str
    gold: Path | None = None


def places(restored: Collection[str] = (), data: Path = ROOT / "dataset" / "data") -> list[Place]:
    """Every split that is scored: of `own`, and of those configurations whose texts were `restored`. None that is trained on."""
    configs = [("own", None), *((config, RESTORED) for config in sorted(restored))]
    found = [Place(config, path.stem, gold) for config, gold in configs for path in sorted((data / config).glob("*.parquet"))]
    return [place for place in found if place.split != "train"]


def add(folder: Path, name: str, system: System, place: Place, date: str) -> Path:
    """Run a system over a place and write its result into the folder. Raises `ProblemsFound`, and SystemExit where a function
    fails on a document."""
    told = on(system, place.config, place.split)
    about = About(name, told["description"], _command(told, place), date, versions=versions(system), **more(told))
    options: dict[str, Any] = {"config": place.config, "split": place.split, "replace": True}
    if "export" in told:
        from baselines.ceiling import reading

        predictions = reading(ROOT / told["export"].format(config=place.config))
        return write(folder, about._replace(reference=True), predictions, **options).path
    with tempfile.TemporaryDirectory() as away:
        out = Path(away) / f"{name}.jsonl"
        how = _by_script(told, place, out) if "script" in told else _by_function(told, place, out)
        return write(folder, of_run(about, out), out, how=how, **options).path


def _command(system: System, place: Place) -> str:
    if "export" in system:
        return f"scripts/score_results.py --all ({system['export'].format(config=place.config)})"
    words = ["volgens", "run", system["function"]] if "function" in system else ["python", system["script"], *_options(system)]
    if "prepare" in system:
        words = ["python", system["prepare"], "&&", *words]
    return " ".join([*words, *_asked(place), "--out", "FILE"])


def _options(system: System) -> list[str]:
    return list(system.get("options", ()))


def _asked(place: Place) -> Iterator[str]:
    """The options that say which documents are run."""
    if place.config != "own":
        yield from ("--config", place.config)
    if place.split != "test":
        yield from ("--split", place.split)
    if place.gold is not None:
        yield from ("--gold", place.gold.name)


def _by_function(system: System, place: Place, out: Path) -> Reading:
    """As `volgens run` does it. A function that fails on a document has no row."""
    from volgens.run.run import run

    prepare = getattr(module_of(system), "prepare", None)
    if prepare is not None:
        prepare()
    gold = load_gold(place.config, place.split, place.gold)
    done = run(f"{ROOT}/{system['function']}", gold.select("id", "text").iter_rows(named=True), out)
    if done.failures:
        raise SystemExit("\n".join(f"{system['function']}: {document}: {error}" for document, error in done.failures.items()))
    return Reading()


def _by_script(system: System, place: Place, out: Path) -> Reading:
    """A script takes the options of `volgens run`; documents on which it fails count as empty, and the row says how many."""
    main = import_module(f"baselines.{Path(system['script']).stem}").main
    asked = [*_asked(place._replace(gold=None)), *(["--gold", str(place.gold)] if place.gold else [])]
    main([*_options(system), *asked, "--out", str(out)])
    if not out.is_file():
        raise SystemExit(f"{system['script']}: nothing was written")
    return Reading(missing="empty")
