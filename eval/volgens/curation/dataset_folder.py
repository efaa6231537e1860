"""Splits, card and counts as the folder that `load_dataset` opens."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from volgens.curation.card import Split, readme
from volgens.curation.features import arrow_schema, given_sparse
from volgens.curation.quotas import Marks, quotas
from volgens.model.gold import write_text

if TYPE_CHECKING:
    import pyarrow as pa


def write_folder(
    out: Path,
    splits: Sequence[Split],
    card: str,
    *,
    marks: Mapping[str, Mapping[str, Marks]] = MappingProxyType({}),
    restored: bool = False,
    default: str,
    version: str,
) -> None:
    """Write splits, card and counts as a folder that `load_dataset` opens; Parquet files of other splits are removed."""
    kept = set()
    given = {
        config: given_sparse(d for split in splits if split.config == config for d in split.documents)
        for config in {split.config for split in splits}
    }
    for split in splits:
        path = out / "data" / split.config / f"{split.name}.parquet"
        write_parquet(path, [document.to_dict() for document in split.documents], given[split.config])
        kept.add(path)
    for path in set(out.glob("data/*/*.parquet")) - kept:
        path.unlink()
    statistics: dict[str, Any] = {"version": version, "configs": {}}
    for split in splits:
        counts = {"sha256": split.sha256, "text": split.has_text, **split.counts}
        if (mark := marks.get(split.config, {}).get(split.name)) and split.has_text:
            counts["quotas"] = quotas(split.documents, mark)
        statistics["configs"].setdefault(split.config, {})[split.name] = counts
    write_text(out / "statistics.json", json.dumps(statistics, indent=1, ensure_ascii=False) + "\n")
    write_text(out / "README.md", readme(card, splits, default, version, restored))


def write_parquet(path: Path, rows: Sequence[Mapping[str, Any]], given: Collection[str] = ()) -> None:
    """Rows of the dataset as Parquet, from a plain Arrow schema with the sparse fields `given`. Atomic; a file that holds the
    same already is left alone.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        pq.write_table(
            pa.Table.from_pylist(list(rows), schema=arrow_schema(given)), temporary, compression="zstd", store_schema=False
        )
        if not (path.exists() and _content(path) == _content(temporary)):
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _content(path: Path) -> tuple[pa.Schema, list[dict[str, Any]]]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return table.schema, table.to_pylist()
