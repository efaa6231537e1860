"""A layer that is null in a gold document was not annotated there; an empty list is an answer."""

import pytest
from builders import attribution, document, figure
from volgens import score
from volgens.scorecard import card
from volgens.scoring.batches import score_batches
from volgens.scoring.score import Scoring
from volgens.scoring.tables import SCHEMA

NAME, NUMBER = {"start": 0, "end": 4, "type": "PER"}, figure(11, 14, 300, id="f1")
SAID = attribution([(0, 4)], [(5, 10)], [(11, 20)], source_ref="ida", id="a1")


def gold(*layers_of_each):
    return [
        {k: v for k, v in document(f"d{n}", [NAME], [NUMBER], [SAID]).items() if k in ("id", "length", *layers)}
        for n, layers in enumerate(layers_of_each)
    ]


ALL = ("entities", "figures", "attributions")


def guesses(n):
    return [{"id": f"d{k}", "entities": [NAME], "figures": [NUMBER], "attributions": [SAID]} for k in range(n)]


def test_nowhere_annotated_is_left_out_and_said():
    found = score(guesses(2), gold(("entities",), ("entities",)))
    assert not [name for name in found.measures if not name.startswith(("entities", "semeval"))]
    assert {"figures", "attributions", "claims"} <= set(found.not_attempted)
    assert found.unannotated == {"figures": 2, "attributions": 2}
    assert "the gold annotates no figures: not scored" in str(found)
    assert found.signature["unannotated"] == "figures=2,attributions=2"
    with pytest.raises(KeyError, match="the gold does not annotate figures"):
        found["figures"]


def test_annotated_somewhere_is_scored_there_alone():
    found = score(guesses(3), gold(ALL, ("entities", "attributions"), ("entities", "figures")))
    assert found["figures"] == (2, 2, 2, 2)
    assert found["attributions.found"] == (2, 2, 2, 2)
    assert found["claims"] == found["claims.quantities"] == (1, 1, 1, 1)
    assert found["entities"].predicted == 3
    assert "the gold annotates figures in 2 of 3 documents: scored there alone" in str(found)
    assert found.macro["figures"].f1 == 1.0
    rows = found.ledger
    assert rows.group_by("layer").len().sort("layer").rows() == [("attributions", 4), ("entities", 6), ("figures", 4)]
    assert set(rows["outcome"]) == {"correct"}


def test_an_empty_list_is_an_answer():
    empty = [{**row, "figures": []} for row in gold(("entities",))]
    assert score(guesses(1), empty)["figures"] == (0, 1, 0, 0)
    assert "unannotated" not in score(guesses(1), [{**empty[0], "attributions": []}]).signature


def test_null_and_empty_are_two_golds():
    null, empty = gold(("entities",)), [{**gold(("entities",))[0], "figures": []}]
    assert score(guesses(1), null).signature["gold"] != score(guesses(1), empty).signature["gold"]
    assert score(guesses(1), null).signature["predictions"] == score(guesses(1), empty).signature["predictions"]


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_batches_leave_out_the_same(tmp_path, batch):
    import polars as pl

    rows = gold(ALL, ("entities",), ("entities", "figures"), ALL, ("attributions",))
    kinds = {**SCHEMA, "length": pl.Int64}
    for name, some in (("g", rows), ("p", guesses(5))):
        plain = [{name: row.get(name) for name in kinds} for row in some]
        pl.DataFrame(plain, schema=kinds, strict=False).write_parquet(tmp_path / f"{name}.parquet")
    paths = tmp_path / "g.parquet", tmp_path / "p.parquet"
    whole, parts = score(paths[1], paths[0]), card(score_batches(*paths, Scoring(), batch=batch))
    assert dict(whole.cells) == dict(parts.cells)
    assert whole.signature == parts.signature
    assert whole.unannotated == parts.unannotated == {"entities": 1, "figures": 2, "attributions": 2}
