"""Splits, card and counts as the folder that `load_dataset` opens."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from volgens.curation.card import Split, readme
from volgens.curation.features import given_sparse
from volgens.curation.parquet import write_parquet
from volgens.curation.quotas import Marks, quotas
from volgens.model.gold import write_text


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
