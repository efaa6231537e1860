"""The pages of the site, by `mkdocs`: those of the repository under their own paths, the tables of the code, the API.

A link to a file that is no page of the site leads into the repository.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))
PAGES = (
    *("README.md", "DATASET_CARD.md", "CONTRIBUTING.md", "CHANGELOG.md", "annotations/README.md"),
    *("DATA_STATEMENT.md", "annotations/CHECKING.md"),
    *("eval/README.md", "eval/COMING_FROM.md", "eval/baselines/README.md", "eval/harnesses/README.md", "eval/results/README.md"),
    *(f"annotations/guidelines/{name}.md" for name in ("entities", "figures", "attribution", "mappings")),
)
PICTURES = ("eval/images", "annotations/images")
EXAMPLES = "eval/README.md#the-measures-each-with-one-worked-example"
LINK = re.compile(r"(!?\[[^\]]*\]\()(?![a-z]+:|#)([^)#\s]+)([^)]*\))")
API = {
    "scoring": ("Scoring", "volgens.api.score", "volgens.scorecard.card.Scorecard", "volgens.model.problem",
                "volgens.corpus", "volgens.comparison"),
    "files": ("Reading and writing", "volgens.readers.corpus.load_gold", "volgens.readers.native.Reading",
              "volgens.readers.register", "volgens.writers.formats"),
    "run": ("Running systems", "volgens.run.run", "volgens.run.endpoint", "volgens.report.html"),
    "integrations": ("In other tools", "volgens.integrations.training", "volgens.integrations.inspect_task",
                     "volgens.integrations.lm_harness.functions", "volgens.integrations.evaluate_metric",
                     "volgens.integrations.spacy_scorer", "volgens.integrations.hub"),
}  # fmt: skip
"""Page → its title and what it documents."""


def pages() -> Iterator[tuple[str, str]]:
    """Every page of the site with its text."""
    for name in PAGES:
        yield name, linked(name, (ROOT / name).read_text(encoding="utf-8"))
    yield "measures.md", measures()
    for name, (title, *documented) in API.items():
        yield f"api/{name}.md", "\n\n".join((f"# {title}", *(f"::: {one}" for one in documented))) + "\n"


def linked(page: str, text: str) -> str:
    """The text of a page with the links to files outside the site leading into the repository.

    Two annotated spans side by side (`[2 uur] [13 minuten]`) are no link of Markdown.
    """
    if page.startswith("annotations/guidelines/"):
        text = re.sub(r"\](\s?)\[", r"]\1\\[", text)
    return LINK.sub(lambda m: f"{m[1]}{target(page, m[2])}{m[3]}", text)


def target(page: str, link: str) -> str:
    """Where a link of a page leads: to a page or picture of the site, else to the file or folder in the repository."""
    path = normpath(PurePosixPath(page).parent / link)
    if path in PAGES or str(PurePosixPath(path).parent) in PICTURES or not (ROOT / path).exists():
        return link  # what is nowhere is left for the strict build to find
    if f"{path}/README.md" in PAGES:
        return relpath(f"{path}/README.md", PurePosixPath(page).parent)
    kind = "tree" if (ROOT / path).is_dir() else "blob"
    return f"{repository()}/{kind}/main/{path}"


def repository() -> str:
    """The address of the repository."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"])


def measures() -> str:
    """The measures and views, as the code has them."""
    from volgens.scoring.measures import TABLE
    from volgens.scoring.views import KINDS, NAMES, SEGMENTS

    rows = [f"| `{measure}` | {measure.description} |" for measure in TABLE]
    views = [f"| `{name}` | {words} |" for name, words in NAMES.items()]
    parts = ", ".join(f"`{name}`" for name in (*KINDS, *SEGMENTS))
    return "\n".join((
        "# Measures\n\nAn item counts as right if …\n\n| measure | right |\n|---|---|", *rows,
        f"\nEach with precision, recall and F1; [a worked example of every one]({EXAMPLES}).",
        "\n## Views\n\nWhich items count.\n\n| view | counts |\n|---|---|", *views,
        f"\nJoined by `+` with any of {parts} and `page=ID`, as in `conll2002+article+title`.\n",
    ))  # fmt: skip


def write() -> None:
    """Give everything to the build that runs this script."""
    import mkdocs_gen_files

    for name, text in pages():
        with mkdocs_gen_files.open(name, "w", encoding="utf-8") as file:
            file.write(text)
        mkdocs_gen_files.set_edit_path(name, name)
    for folder in PICTURES:
        for picture in sorted((ROOT / folder).iterdir()):
            with mkdocs_gen_files.open(f"{folder}/{picture.name}", "wb") as file:
                file.write(picture.read_bytes())


if __name__ == "<run_path>":  # how mkdocs-gen-files runs a script
    write()
