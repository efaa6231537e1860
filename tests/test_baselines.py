"""The learned tagger, the floors and the reading: what they promise, on invented sentences and on the pages of our own."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from baselines import learned
from baselines.ceiling import reading
from baselines.floors import at_random, capitals
from baselines.learned_crf import Settings, Tagger
from baselines.learned_features import decode, encode, shape, units
from volgens.model.documents import Attribution, Document, Entity, Figure, Span
from volgens.model.problem import ProblemsFound
from volgens.readers.corpus import load_gold
from volgens.readers.native import predictions

ROOT = Path(__file__).parents[1]
NEWS = 'Brand verwoest molen\nUTRECHT (XNP) - De molen in Oslo is afgebrand, meldt de politie. "Er was veel rook", zei Ida Berg.'


def document(name: str, text: str, **layers) -> Document:
    return Document(name, name, "article", "own", "test", text, len(text), hashlib.sha256(text.encode()).hexdigest(), **layers)


def at(text: str, surface: str) -> Span:
    start = text.index(surface)
    return Span(start, start + len(surface))


def invented() -> list[Document]:
    """Sentences of one pattern, with other words in every document."""
    found = []
    places, people = ("Oslo", "Bergen", "Narvik", "Molde"), ("Ida Berg", "Jan Dal", "Eva Vik", "Ole Sund")
    for n, (place, person) in enumerate(zip(places, people, strict=True)):
        number = f"{n + 3} huizen"
        text = f"In {place} staan {number}, zegt {person}."
        content = Span(0, text.index(","))
        found.append(
            document(
                f"d-{n}",
                text,
                entities=(
                    Entity("e1", *at(text, place), "GPE", "place", place.lower()),
                    Entity("e2", *at(text, person), "PER", None, person.lower().replace(" ", "-")),
                ),
                figures=(
                    Figure(
                        "f1",
                        *at(text, str(n + 3)),
                        "count",
                        "point",
                        float(n + 3),
                        counted=at(text, "huizen"),
                        head=at(text, "huizen"),
                    ),
                ),
                attributions=(
                    Attribution(
                        "a1", (at(text, "zegt"),), (at(text, person),), (content,), source_kind="person", source_ref="ida-berg"
                    ),
                ),
            )
        )
    return found


def test_it_learns_a_pattern_and_carries_it_to_words_it_has_not_seen():
    text = "In Hamar staan 9 huizen, zegt Siri Lund."
    found = learned.Tagger(invented()).extract(text)
    assert [(e["type"], e["role"], text[e["start"] : e["end"]], e["ref"]) for e in found["entities"]] == [
        ("GPE", "place", "Hamar", "hamar"),
        ("PER", None, "Siri Lund", "siri-lund"),
    ]
    (figure,) = found["figures"]
    assert (figure["kind"], figure["bound"], figure["value"]) == ("count", "point", 9.0)
    assert text[figure["head"]["start"] : figure["head"]["end"]] == "huizen"
    (claim,) = found["attributions"]
    parts = {part: [text[s["start"] : s["end"]] for s in claim[part]] for part in ("cue", "source", "content")}
    assert parts == {"cue": ["zegt"], "source": ["Siri Lund"], "content": ["In Hamar staan 9 huizen"]}
    assert (claim["kind"], claim["source_kind"], claim["source_ref"]) == ("assertion", "person", "siri-lund")


def frame(documents: list[Document]):
    return load_gold(gold=[d.to_dict() for d in documents])


def test_a_layer_that_nobody_annotated_teaches_nothing():
    """Two documents more, without a layer: what is learned of it stays the same."""
    bare = [document(f"x-{n}", d.text, entities=d.entities, unannotated=frozenset({"figures"})) for n, d in enumerate(invented())]
    text = "In Hamar staan 9 huizen, zegt Siri Lund."
    assert (
        learned.Tagger([*invented(), *bare]).extract(text)["figures"] == learned.Tagger(invented()).extract(text)["figures"] != []
    )


def test_an_attribution_without_a_cue_teaches_no_cue():
    """A free-standing quotation is learned from by the other layers alone."""
    quoted = [
        document(
            f"q-{n}",
            d.text,
            entities=d.entities,
            figures=d.figures,
            attributions=tuple(replace(a, cue=()) for a in d.attributions),
        )
        for n, d in enumerate(invented())
    ]
    text = "In Hamar staan 9 huizen, zegt Siri Lund."
    assert learned.Tagger(quoted).extract(text)["attributions"] == []
    both = learned.Tagger([*invented(), *quoted]).extract(text)
    assert [e["type"] for e in both["entities"]] == ["GPE", "PER"]


def test_settings_are_chosen_on_validation():
    """Held down so much that nothing is learned, a tagger finds nothing, wherever it stands in the grid."""
    gold, held_out = frame(invented()[:3]), frame(invented()[3:])
    nothing, something = Settings(1000.0, 0.0), Settings(0.1, 0.1)
    for grid in ((nothing, something), (something, nothing)):
        assert learned.choose(gold, held_out, grid).settings == something
    assert learned.choose(gold, held_out, (something, Settings(0.1, 0.1001))).settings == something


def test_the_splits_are_used_once_they_are_there(monkeypatch):
    splits = {"train": frame(invented()[:3]), "validation": frame(invented()[3:])}
    monkeypatch.setattr("volgens.readers.corpus.load_gold", lambda config, split: splits[split])
    learned._trained.cache_clear()
    text = "In Hamar staan 9 huizen, zegt Siri Lund."
    try:
        assert learned.extract(text) == learned.choose(splits["train"], splits["validation"]).extract(text)
    finally:
        learned._trained.cache_clear()


def test_extract_tags_a_page_of_the_gold_as_leaving_it_out_does():
    documents = list(learned.documents(load_gold("own").iter_rows(named=True)))
    page = documents[0].page
    held_out = learned.Tagger([d for d in documents if d.page != page])
    for one in (d for d in documents if d.page == page):
        assert learned._held_out(one.text).extract(one.text) == held_out.extract(one.text)


def test_pages_of_our_own_share_no_run_of_eight_words():
    """Else leaving one page out would leave its words in."""
    runs: dict[tuple[str, ...], set[str]] = {}
    for page, text in load_gold("own").select("page", "text").iter_rows():
        words = text.lower().split()
        for n in range(len(words) - 7):
            runs.setdefault(tuple(words[n : n + 8]), set()).add(page)
    assert runs and not [run for run, pages in runs.items() if len(pages) > 1]


CODE = """
import hashlib, json
from baselines import learned
from volgens.readers.corpus import load_gold
text = load_gold('own')['text'][0]
print(hashlib.sha256(json.dumps(learned._held_out(text).extract(text)).encode()).hexdigest())
"""


def test_the_same_bytes_in_two_processes_whatever_the_hash_seed():
    digests = {
        subprocess.run(
            [sys.executable, "-c", CODE],
            env={"PYTHONPATH": str(ROOT / "eval"), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("extract", [learned.extract, capitals, at_random])
@pytest.mark.parametrize("text", [NEWS, "", " \n\n", "É", "🎈 5", "Hij zei: 'nee'", "A" * 500, NEWS * 20])
def test_any_text_gives_a_prediction_without_problems(extract, text):
    if not text.strip():
        assert all(not items for items in extract(text).values())
        return
    gold = load_gold(gold=[document("d", text).to_dict()])
    assert predictions([{"id": "d", **extract(text)}], gold).problems == []


def test_capitals_are_names_and_digits_are_counts():
    text = "De burgemeester van Oslo telde 1.200 boten en vier Noren."
    found = capitals(text)
    assert [text[e["start"] : e["end"]] for e in found["entities"]] == ["De", "Oslo", "Noren"]
    assert [(text[f["start"] : f["end"]], f["value"]) for f in found["figures"]] == [("1.200", 1200.0)]
    assert "attributions" not in found


def test_the_random_floor_is_a_function_of_the_text():
    assert at_random(NEWS) == at_random(NEWS) != at_random(NEWS + " ")


def test_the_random_floor_draws_at_its_rates():
    text = "\n".join("Dat was een gewone zin van precies tien losse woorden." for _ in range(400))
    found = at_random(text)
    assert 300 < len(found["entities"]) < 400  # 4,000 words, one start in ten, less what a name of two words takes
    assert 55 < len(found["figures"]) < 105
    assert 160 < len(found["attributions"]) < 240
    assert {e["type"] for e in found["entities"]} == {"PER", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "MISC"}


@pytest.mark.parametrize("config", ["own", "anp"])
def test_a_reading_covers_every_document(config):
    rows = reading(ROOT / "annotations" / "raw" / f"{config}-reading-1.json")
    assert sorted(row["id"] for row in rows) == load_gold(config)["id"].to_list()


def test_a_reading_with_problems_is_no_reading(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{"id": 1, "data": {"text": "Oslo"}}]))
    with pytest.raises(ProblemsFound, match="not-our-task"):
        reading(path)


# --- the tagger of sequences ---


def test_a_tagger_learns_from_features_and_from_the_tag_before():
    """`z` is I-x after `b` and O after `o`, which only the tag before it can tell."""
    sequences = [[["w=b"], ["w=z"]], [["w=o"], ["w=z"]]] * 5
    tags = [["B-x", "I-x"], ["O", "O"]] * 5
    tagger = Tagger(sequences, tags, Settings(0.0, 0.001))
    assert [tagger.tag(sequence) for sequence in sequences[:2]] == tags[:2]
    assert tagger.tag([]) == []


def test_without_examples_everything_is_outside():
    assert Tagger([], [], Settings()).tag([["a"], ["b"]]) == ["O", "O"]
    assert Tagger([[]], [[]], Settings()).tag([["a"]]) == ["O"]


# --- tokens and tags ---


def test_spans_come_back_from_their_tags():
    (unit,) = units("De Noord-Noorse politie zag 3 boten.")
    spans = [("NORP", Span(3, 15)), ("figure", Span(28, 29))]
    assert decode(unit, encode(unit, spans)) == spans


def test_a_tag_that_continues_nothing_begins_a_span():
    (unit,) = units("Ida Berg zag Oslo")
    assert decode(unit, ["I-PER", "I-PER", "B-GPE", "I-PER"]) == [
        ("PER", Span(0, 8)),
        ("GPE", Span(9, 12)),
        ("PER", Span(13, 17)),
    ]


def test_of_spans_that_share_a_token_the_longest_is_kept():
    (unit,) = units("De Noorse Arbeiderspartij won.")
    assert decode(unit, encode(unit, [("NORP", Span(3, 9)), ("ORG", Span(3, 25))])) == [("ORG", Span(3, 25))]


def test_units_are_the_dateline_the_headings_and_the_sentences():
    assert [(u.kind, u.span.cut(NEWS)[:12]) for u in units(NEWS)] == [
        ("title", "Brand verwoe"),
        ("dateline", "UTRECHT (XNP"),
        ("sentence", "De molen in "),
        ("sentence", '"Er was veel'),
    ]


@pytest.mark.parametrize(("word", "wanted"), [("Oslo", "Xx"), ("NAVO", "X"), ("1.200", "9.9"), ("auto's", "x'x"), ("-", "-")])
def test_shapes(word, wanted):
    assert shape(word) == wanted
