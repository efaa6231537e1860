"""What the page tells of each document: its text, what gold and prediction say of it, and where they differ.

A *finding* is an item of the gold with its partner, or a predicted item without one. A finding with kinds is an error.
Offsets are code points, end exclusive.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import polars as pl

from volgens.model.documents import LAYERS
from volgens.report.html.facts import Side, side
from volgens.report.html.kinds import ORDER, Kind, errors, kinds
from volgens.scorecard import Scorecard

RESTORED = ("anp", "wikinews")
"""The configurations whose texts do not travel with the project."""

Place = tuple[str, str, int]
"""A layer, a side (gold or predicted) and the position in its list."""


class Finding(NamedTuple):
    """`outcome` is the ledger's, or "not counted" for what the view leaves out; `differs`: the fields in which a pair differs."""

    layer: str
    outcome: str
    kinds: list[Kind]
    differs: list[str]
    gold: Side | None
    predicted: Side | None

    @property
    def anchor(self) -> str:
        """The end of its permanent link: layer, `-` for gold or `+` for a prediction that stands alone, place."""
        shown, sign = (self.gold, "-") if self.gold else (self.predicted, "+")
        assert shown is not None
        return f"{self.layer[0]}{sign}{shown.start}-{shown.end}"

    @property
    def place(self) -> tuple[int, int]:
        shown = self.gold or self.predicted
        assert shown is not None
        return shown.start, -shown.end


def documents(
    card: Scorecard, gold: pl.DataFrame, predictions: pl.DataFrame, which: int | Sequence[str], prefix: str = "d"
) -> list[dict[str, Any]]:
    """Documents of the scorecard, ready for JSON: those of the ids `which`, or so many with most errors. Anchors begin with
    `prefix`."""
    wrong = dict(errors(card.ledger).group_by("document").len().iter_rows())
    by_errors = sorted(card.documents["id"], key=lambda name: (-wrong.get(name, 0), name))
    chosen = by_errors[:which] if isinstance(which, int) else list(which)
    kept = pl.DataFrame({"id": chosen}, schema={"id": pl.String})
    claims = _claims(card)
    ledger: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in card.ledger.join(kept, left_on="document", right_on="id", how="semi").iter_rows(named=True):
        ledger[row["document"]].append(row)
    predicted = {row["id"]: row for row in predictions.join(kept, on="id", how="semi").iter_rows(named=True)}
    found = []
    for row in kept.join(gold, on="id", how="left", maintain_order="left").iter_rows(named=True):
        name = row["id"]
        told = findings(ledger[name], row, predicted.get(name, {}), claims.get(name, {}))
        found.append({**_document(row, told, prefix), "errors": wrong.get(name, 0), "missing": name in card.missing})
    return found


def findings(
    ledger: Iterable[Mapping[str, Any]], gold: Mapping[str, Any], predicted: Mapping[str, Any], claims: Mapping[Place, int]
) -> list[Finding]:
    """The findings of one document in text order: gold rows of the ledger, predicted rows without a partner, the uncounted."""
    sides = {"gold": gold, "predicted": predicted}
    rest = {(layer, name, n) for layer in LAYERS for name, row in sides.items() for n in range(len(row.get(layer) or ()))}
    found = []
    for row in ledger:
        layer, own = row["layer"], (row["layer"], row["side"], row["item"])
        rest.discard(own)
        if row["side"] == "predicted" and row["partner"] is not None:
            continue
        places = {row["side"]: row["item"]}
        if row["partner"] is not None:
            places["predicted"] = row["partner"]
        shown = {name: side(sides[name], layer, n, claims.get((layer, name, n))) for name, n in places.items()}
        wrong = kinds(row["outcome"], row["differs"])
        found.append(Finding(layer, row["outcome"], wrong, row["differs"], shown.get("gold"), shown.get("predicted")))
    for layer, name, n in rest:
        alone = side(sides[name], layer, n, claims.get((layer, name, n)))
        found.append(Finding(layer, "not counted", [], [], *((alone, None) if name == "gold" else (None, alone))))
    return sorted(found, key=lambda f: (f.place, f.layer, f.gold is None, f.outcome))


def _claims(card: Scorecard) -> dict[str, dict[Place, int]]:
    """Per document, which attribution (position in its list) claims which figure."""
    ids, layer = card.documents["id"].to_list(), card.evidence.layer("figures")
    found: dict[str, dict[Place, int]] = defaultdict(dict)
    for name, figures, items in (
        ("gold", layer.gold, card.evidence.gold.attributions["item"]),
        ("predicted", layer.predicted, card.evidence.predicted.attributions["item"]),
    ):
        claimed = figures.filter(pl.col("claimant").is_not_null())
        numbers, places = claimed["document"].to_list(), claimed["item"].to_list()
        claimants = items.gather(claimed["claimant"]).to_list()
        for document, item, claimant in zip(numbers, places, claimants, strict=True):
            found[ids[document]]["figures", name, item] = claimant
    return found


def _document(row: Mapping[str, Any], found: list[Finding], prefix: str) -> dict[str, Any]:
    anchor = f"{prefix}/{quote(row['id'], safe='')}"
    return {
        "id": row["id"],
        "anchor": anchor,
        "about": [row[name] for name in ("kind", "section", "config") if row.get(name)],
        "length": row.get("length") or (len(row["text"]) if row.get("text") else None),
        "text": row.get("text"),
        "segments": [[s["kind"], s["start"], s["end"]] for s in row.get("segments") or ()],
        "findings": list(_plain(anchor, found)),
    }


def _plain(document: str, found: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """Findings for JSON, short: what is empty is left out, as is what a prediction says like the gold (all of it: `true`)."""
    taken: Counter[str] = Counter()
    for finding in found:
        plain: dict[str, Any] = {"layer": LAYERS.index(finding.layer)}
        if finding.kinds:
            taken[finding.anchor] += 1
            again = f"-{taken[finding.anchor]}" if taken[finding.anchor] > 1 else ""
            plain |= {"kinds": [k.word for k in finding.kinds], "anchor": f"{document}/{finding.anchor}{again}"}
            plain |= {"differs": finding.differs} if finding.differs else {}
        elif finding.outcome != "correct":
            plain["uncounted"] = True
        if finding.gold:
            plain["gold"] = finding.gold.plain()
        if finding.predicted:
            plain["predicted"] = True if finding.predicted == finding.gold else finding.predicted.plain(finding.gold)
        yield plain


def attempted(card: Scorecard) -> list[int]:
    """The places in `LAYERS` of the layers whose items are scored."""
    asked = {measure.layer for measure in card.itemised}
    return [n for n, layer in enumerate(LAYERS) if layer in asked]


def lengths(gold: pl.DataFrame) -> dict[str, int | None]:
    """Characters by document, None where not known."""
    known = [pl.col("length")] if "length" in gold.columns else []
    known += [pl.col("text").str.len_chars()] if "text" in gold.columns else []
    return dict(gold.select("id", pl.coalesce(*known, None).cast(pl.Int64)).iter_rows())


def must_not_be_published(gold: pl.DataFrame) -> bool:
    """Whether the frame holds restored texts."""
    if "text" not in gold.columns:
        return False
    marks = [pl.col("id").str.starts_with(f"{config}-") for config in RESTORED]
    marks += [pl.col("config").is_in(RESTORED)] if "config" in gold.columns else []
    return not gold.filter(pl.any_horizontal(marks).fill_null(False) & pl.col("text").is_not_null()).is_empty()


def words(found: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The kinds of error that occur, in order: word → family."""
    told = {word for document in found for finding in document["findings"] for word in finding.get("kinds", ())}
    known = {kind.word: kind.family for kind in ORDER if kind.word in told}
    return known | dict.fromkeys(sorted(told - known.keys()), "other")
