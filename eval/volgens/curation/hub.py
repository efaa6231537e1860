"""The dataset as the Hub takes it: its registration as a benchmark, its Croissant description, and the push of a version."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from volgens.curation.card import FRONT, Split
from volgens.curation.features import Shape, given_sparse, shape
from volgens.integrations.hub import DATASET, FRAMEWORK, SPLIT, task
from volgens.model.gold import write_text
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.scoring.measures import HEADLINES

BENCHMARK = "eval.yaml"
CROISSANT = "croissant.json"
PUSHED = ("README.md", BENCHMARK, CROISSANT, "statistics.json", "data/*/*.parquet")
"""What of the folder goes to the Hub; pages and cards are for who builds it."""
SUMMARY = re.compile(r"^## Summary\n+(.+?)(?:\n\n|:\n)", re.DOTALL | re.MULTILINE)
TYPES = {"string": "sc:Text", "int64": "cr:Int64", "float64": "cr:Float64", "bool": "sc:Boolean"}
CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/", "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo", "containedIn": "cr:containedIn",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "samplingRate": "cr:samplingRate", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip
"""The names of Croissant 1.0, as every description of it declares them."""


def write_hub_files(out: Path, card: str, splits: Sequence[Split], version: str, date: str | None = None) -> None:
    """Write the registration and the Croissant description beside the data that lies in `out`. `date` is that of the release."""
    write_text(out / BENCHMARK, benchmark(card, splits))
    described = croissant(out, card, splits, version, date)
    write_text(out / CROISSANT, json.dumps(described, indent=1, ensure_ascii=False) + "\n")


def benchmark(card: str, splits: Sequence[Split]) -> str:
    """`eval.yaml`: a task for each configuration that has the split of the benchmark, and each headline measure."""
    import yaml

    front = _front(card)
    configs = [split.config for split in splits if split.name == SPLIT]
    tasks = [{"id": task(config, measure), "config": config, "split": SPLIT} for config in configs for measure in HEADLINES]
    about = {"name": front["pretty_name"], "description": summary(card), "evaluation_framework": FRAMEWORK, "tasks": tasks}
    return yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=120)


def summary(card: str) -> str:
    """The first paragraph of the card's summary, on one line; its name where there is none."""
    found = SUMMARY.search(card)
    return re.sub(r"[*`]", "", " ".join(found[1].split())).rstrip(".:") + "." if found else str(_front(card)["pretty_name"])


def _front(card: str) -> Mapping[str, Any]:
    import yaml

    found = FRONT.match(card)
    assert found is not None, "a card begins with YAML between two lines of three dashes"
    return dict(yaml.safe_load(found["yaml"]))


def croissant(out: Path, card: str, splits: Sequence[Split], version: str, date: str | None = None) -> dict[str, Any]:
    """The dataset as Croissant 1.0 describes it: its Parquet files with their hashes, a record set for each."""
    front = _front(card)
    name = str(front["pretty_name"])
    about: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": name,
        "description": summary(card),
        "version": version,
        "url": f"https://huggingface.co/datasets/{DATASET}",
        "citeAs": f"{name}, version {version}. https://huggingface.co/datasets/{DATASET}",
    }
    if "license" in front:
        about["license"] = f"https://spdx.org/licenses/{str(front['license']).upper()}"
    if date is not None:
        about["datePublished"] = date
    about["distribution"] = [_file(out, split) for split in splits]
    about["recordSet"] = [_records(split, splits) for split in splits]
    return about


def _file(out: Path, split: Split) -> dict[str, Any]:
    path = f"data/{split.config}/{split.name}.parquet"
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "encodingFormat": "application/x-parquet",
        "sha256": hashlib.sha256((out / path).read_bytes()).hexdigest(),
    }


def _records(split: Split, splits: Sequence[Split]) -> dict[str, Any]:
    """The columns of a split's file."""
    own = [one for one in splits if one.config == split.config]
    columns = shape(given=given_sparse(document for one in own for document in one.documents))
    assert isinstance(columns, dict)
    at = f"{split.config}-{split.name}"
    source = {"fileObject": {"@id": f"data/{split.config}/{split.name}.parquet"}}
    fields = [_field(f"{at}/{name}", name, inner, {**source, "extract": {"column": name}}) for name, inner in columns.items()]
    return {"@type": "cr:RecordSet", "@id": at, "name": at, "key": {"@id": f"{at}/id"}, "field": fields}


def _field(at: str, name: str, inner: Shape, source: Mapping[str, Any]) -> dict[str, Any]:
    """A column, or a field of its records. Of records the plain fields: Croissant 1.0 leads to no list or record within them."""
    repeated = {"repeated": True} if isinstance(inner, list) else {}
    inner = inner[0] if isinstance(inner, list) else inner
    made = {"@type": "cr:Field", "@id": at, "name": name, **repeated}
    if not isinstance(inner, dict):
        return made | {"dataType": TYPES[inner], "source": source}
    plain = {key: part for key, part in inner.items() if isinstance(part, str)}
    return made | {
        "subField": [_field(f"{at}/{key}", key, part, {**source, "transform": {"jsonPath": key}}) for key, part in plain.items()]
    }


def push(api: Any, folder: Path, version: str, *, repository: str = DATASET) -> list[str]:
    """Put a version of the dataset on the Hub in one commit and tag it with the version; the files that it has.

    `api` is a `huggingface_hub.HfApi`. Raises `ProblemsFound` where the folder is not of that version, or holds a text that may
    not travel.
    """
    if problems := unfit(folder, version):
        raise ProblemsFound(problems)
    api.create_repo(repository, repo_type="dataset", exist_ok=True)
    api.upload_folder(
        repo_id=repository,
        repo_type="dataset",
        folder_path=folder,
        allow_patterns=list(PUSHED),
        delete_patterns=["data/*/*.parquet"],
        commit_message=f"Version {version}",
    )
    api.create_tag(repository, repo_type="dataset", tag=version, tag_message=f"Version {version} of the data")
    return pushed(folder)


def pushed(folder: Path) -> list[str]:
    """The files of the folder that go to the Hub."""
    return sorted(str(path.relative_to(folder)) for pattern in PUSHED for path in folder.glob(pattern))


def unfit(folder: Path, version: str) -> list[Problem]:
    """What keeps the folder from being pushed."""
    import pyarrow.parquet as pq

    told = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    hint = "Build it first: scripts/build_dataset.py."
    problems = []
    if told["version"] != version:
        message = f"the folder is version {told['version']}, not {version}"
        problems.append(Problem(Where(str(folder)), "another-version", message, hint))
    for name in (BENCHMARK, CROISSANT, "README.md"):
        if not (folder / name).is_file():
            problems.append(Problem(Where(str(folder / name)), "not-there", "the folder lacks this file", hint))
    for path in sorted(folder.glob("data/*/*.parquet")):
        config, split = path.parent.name, path.stem
        known = told["configs"].get(config, {}).get(split)
        texts = [text for text in pq.read_table(path, columns=["text"])["text"].to_pylist() if text is not None]
        if known is None or bool(texts) != known["text"] or (texts and not (folder / "pages" / config).is_dir()):
            message = f"{len(texts)} texts, and none of {config} may be published" if texts else "not what statistics.json says"
            problems.append(Problem(Where(str(path)), "text-may-not-travel" if texts else "another-build", message, hint))
    return problems
