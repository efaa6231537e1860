"""A system that reads only the beginning of long documents is found out, one that reads them whole is not."""

from __future__ import annotations

import json
import random

import pytest
from builders import document
from test_curves import name
from volgens import score
from volgens.cli import main
from volgens.scorecard.text import remarks

TOKEN = 5
"""Characters of a token of the invented documents, its space with it."""


def corpus(seed=0, documents=30, longest=1500):
    """Documents of some hundred to many tokens, a name at every tenth."""
    chance = random.Random(seed)
    sizes = [chance.randint(100, longest) for _ in range(documents)]
    places = [[at * TOKEN for at in range(0, size - 10, 10)] for size in sizes]
    return [
        document(f"d{n:02}", map(name, at), length=size * TOKEN) for n, (at, size) in enumerate(zip(places, sizes, strict=True))
    ]


def system(gold, recall, tokens=None, seed=1, spurious=0.1):
    """Finds each name with some chance, and invents some; with `tokens` it reads no further than that."""
    chance = random.Random(seed)
    made = []
    for one in gold:
        found = [e for e in one["entities"] if chance.random() < recall]
        found += [name(e["start"] + 20) for e in one["entities"] if chance.random() < spurious]
        read = tokens * TOKEN if tokens else one["length"]
        made.append({"id": one["id"], "entities": [e for e in found if e["end"] <= read]})
    return made


@pytest.mark.parametrize("recall", [0.95, 0.8, 0.5])
def test_a_system_that_cuts_at_512_tokens_is_told(recall):
    gold = corpus()
    card = score(system(gold, recall, tokens=512), gold)
    found = card.cut_off["entities"]
    long = {one["id"] for one in gold if one["length"] > 512 * TOKEN + 1500}
    assert long <= set(found.documents) <= {one["id"] for one in gold if one["length"] > 512 * TOKEN}
    assert 480 * TOKEN < found.at <= 512 * TOKEN
    beyond = [e for one in gold if one["id"] in found.documents for e in one["entities"] if e["start"] >= 512 * TOKEN]
    assert len(beyond) <= found.items <= len(beyond) + 5 * len(found.documents)
    assert f"CUT OFF? In {len(found.documents)} documents" in "\n".join(remarks(card))
    assert card.to_dict()["cut_off"]["entities"]["items"] == found.items


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("recall", [1.0, 0.8, 0.5, 0.1])
def test_a_system_that_reads_everything_is_not(recall, seed):
    gold = corpus(seed)
    card = score(system(gold, recall, seed=seed), gold)
    assert card.cut_off == {} and "cut_off" not in card.to_dict() and "CUT OFF" not in str(card)


def test_silence_is_no_cut():
    gold = corpus()
    given = system(gold, 0.9)
    quiet = [{**one, "entities": [] if n % 3 else one["entities"]} for n, one in enumerate(given)]
    assert score(quiet, gold).cut_off == {}
    assert score(given[:20], gold, missing="empty").cut_off == {}


def test_short_documents_without_their_last_names_are_no_cut():
    gold = corpus(longest=120)
    assert score(system(gold, 0.9, tokens=512), gold).cut_off == {}


def test_order_changes_nothing_and_the_page_tells(tmp_path, capsys):
    gold = corpus()
    given = system(gold, 0.8, tokens=512)
    turned = [{**one, "entities": one["entities"][::-1]} for one in reversed(given)]
    assert score(turned, gold).cut_off == score(given, gold).cut_off
    for path, rows in (("gold", gold), ("p", given)):
        (tmp_path / f"{path}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert (
        main(["score", str(tmp_path / "p.jsonl"), "--gold", str(tmp_path / "gold.jsonl"), "--html", str(tmp_path / "x.html")])
        == 0
    )
    assert "CUT OFF?" in capsys.readouterr().out and "CUT OFF?" in (tmp_path / "x.html").read_text(encoding="utf-8")
