"""References by any spelling within a document, and by the register over all of them."""

import copy
import itertools
import json

import polars as pl
import pytest
import volgens
from builders import attribution, document, figure, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from volgens.model.documents import LAYERS
from volgens.readers.register import installed, read_register, register_of
from volgens.scorecard import card
from volgens.scoring.batches import score_batches
from volgens.scoring.measures import measure
from volgens.scoring.score import Scoring
from volgens.scoring.tables import SCHEMA

NAMES = ("ref", "source_ref")


def mentions(*refs, name="d"):
    """A document with a name for each reference, one after the other."""
    return document(name, [{"start": 5 * n, "end": 5 * n + 4, "type": "PER", "ref": ref} for n, ref in enumerate(refs)])


def renamed(rows, names):
    """The rows with other references; `names` gives each its own."""
    rows = copy.deepcopy(rows)
    for row in rows:
        for item in itertools.chain(*(row[layer] for layer in LAYERS)):
            item.update({field: names(item[field]) for field in NAMES if item.get(field) is not None})
    return rows


@pytest.mark.parametrize(
    ("gold", "predicted", "tp"),
    [
        ("aab", "xxy", 3),
        ("aab", "xyy", 2),  # x-a and y-b, or y-a and nothing for x: two agree, not three
        ("aab", "xxx", 2),
        ("aabb", "xxxx", 2),
        ("abc", "xxx", 1),
        ("aaabb", "xyyyx", 3),  # x-a 1, y-a 2, y-b 1, x-b 1: y-a and x-b
        ("aaabbb", "xxyyyx", 4),
        ("abab", "baba", 4),  # each other's names, and all the same one thing or another
        ("a-bb", "xxyy", 3),  # a gold name without a reference is no mention
        ("aabb", "x--y", 2),
        ("ab", "--", 0),
    ],
)
def test_worked_by_hand(gold, predicted, tp):
    """Mention-based CEAF: letters are references, one mention each, `-` is none."""
    sides = [[mentions(*(None if letter == "-" else letter for letter in side))] for side in (gold, predicted)]
    found = scored(*sides)
    if predicted != "--":
        assert found["entities.ref"].tp == tp
        asked = sum(a != "-" for a in gold), sum(b != "-" for b in predicted)
        assert (found["entities.ref"].gold, found["entities.ref"].predicted) == asked
    else:
        assert "entities.ref" in found.not_attempted


def test_equal_strings_win_a_tie():
    gold = [mentions("a", "b")]
    for guess in (["b", "b"], ["a", "a"]):
        pairs = scored(gold, [mentions(*guess)]).evidence.layer("entities").pairs
        assert pairs.filter(pl.col("ref_same"))["ref"].to_list() == [guess[0]]


def test_of_equal_ties_the_earlier_mention_wins():
    pairs = scored([mentions("a", "b")], [mentions("x", "x")]).evidence.layer("entities").pairs
    assert pairs["ref_same"].to_list() == [True, False]
    pairs = scored([mentions("z", "b")], [mentions("x", "x")]).evidence.layer("entities").pairs
    assert pairs["ref_same"].to_list() == [True, False]


def test_one_alignment_for_names_and_sources():
    """By names alone x could be a or b; what is said by them decides for b, and both fields are asked by that."""
    said = [attribution([(40 + 9 * n, 42 + 9 * n)], [(43 + 9 * n, 45 + 9 * n)], [(46 + 9 * n, 48 + 9 * n)]) for n in range(2)]
    gold = {**mentions("a", "b"), "attributions": [{**a, "source_ref": "b"} for a in said]}
    guess = {**mentions("x", "x"), "attributions": [{**a, "source_ref": "x"} for a in said]}
    found = scored([gold], [guess])
    assert (found["entities.ref"].tp, found["attributions.source_ref"].tp) == (1, 2)
    assert found.evidence.layer("entities").pairs["ref_same"].to_list() == [False, True]


def test_documents_are_aligned_each_for_itself():
    gold = [mentions("a", "a", name="d"), mentions("a", "a", name="e")]
    assert scored(gold, [mentions("x", "x", name="d"), mentions("y", "y", name="e")])["entities.ref"].f1 == 1.0


@pytest.mark.parametrize("names", [lambda ref: f"Q{abs(hash(ref))}", lambda ref: ref.upper() + "!", lambda ref: ref[::-1]])
def test_the_gold_with_all_references_renamed_is_right(names):
    gold = volgens.load_gold()
    rows = [{"id": row["id"], **{layer: row[layer] for layer in LAYERS}} for row in gold.iter_rows(named=True)]
    found = volgens.score(renamed(rows, names), gold)
    assert found["entities.ref"].f1 == found["attributions.source_ref"].f1 == 1.0
    assert found["entities.link"].f1 == found["attributions.speakers"].f1 == 0.0


REGISTER = [
    {"slug": "noorwegen", "name": "Noorwegen", "type": "GPE", "wikidata": "Q20", "variants": ["Oslo", "Noorse"]},
    {"slug": "oslo", "name": "Oslo", "type": "GPE", "wikidata": "Q585", "variants": ["Oslo"]},
    {"slug": "noord-holland", "name": "Noord-Holland", "type": "GPE", "wikidata": None, "variants": ["Noord-"]},
    {"slug": "noord-korea", "name": "Noord-Korea", "type": "GPE", "wikidata": "Q423", "variants": ["Noord-"]},
]


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "refs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in REGISTER))
    return path


@pytest.mark.parametrize(
    ("given", "slug"),
    [("noorwegen", "noorwegen"), ("Q20", "noorwegen"), ("NOORSE", "noorwegen"), (" Noorwegen ", "noorwegen"), ("q585", "oslo"),
     ("Oslo", "oslo"), ("Noord-", None), ("ent_7", None)],
)  # fmt: skip
def test_slug_alias_and_id_link_over_documents(register, given, slug):
    gold = [mentions(slug or "noord-korea")]
    assert volgens.score([mentions(given)], gold, register=register)["entities.link"].tp == (slug is not None)


def test_sets_without_offsets_compare_by_the_register(register):
    def said(ref):
        number = figure(50, 53, 300, id="f")
        return [{**document(figures=[number]), "attributions": [attribution([(40, 44)], [(45, 48)], [(49, 60)], source_ref=ref)]}]

    for ref, tp in (("Q20", 1), ("Oslo", 0), ("ent_7", 0)):
        found = volgens.score(said(ref), said("noorwegen"), register=register)
        assert (found["attributions.speakers"].tp, found["claims.quantities"].tp) == (tp, tp)
        assert found["attributions.source_ref"].tp == 1


def test_the_signature_names_the_register(register):
    rows = [mentions("noorwegen")]
    plain, linked = volgens.score(rows, rows), volgens.score(rows, rows, register=register)
    assert "register" not in plain.signature
    assert linked.signature["register"] == read_register(register).digest
    assert volgens.score(rows, rows, register={"Q20": "noorwegen"}).signature["register"] != linked.signature["register"]


def test_our_gold_brings_its_register():
    gold = volgens.load_gold()
    for side in (None, gold):
        found = volgens.score(gold, side, measures="entities.link")
        assert found.signature["register"] == installed().digest
    assert installed().aliases["q40464"] == "afp"


@pytest.mark.parametrize("line", ["{", "[]", '{"name": "x"}', '{"slug": "x", "variants": [1]}', '{"slug": "x", "wikidata": 3}'])
def test_a_broken_register_is_a_problem(register, line):
    register.write_text(json.dumps(REGISTER[0]) + "\n" + line + "\n")
    with pytest.raises(volgens.ProblemsFound) as found:
        volgens.score([mentions("a")], [mentions("a")], register=register)
    assert [(p.where.file, p.where.line) for p in found.value.problems] == [(str(register), 2)]


def test_a_register_as_a_mapping():
    assert register_of({" Q20 ": "noorwegen"}).aliases == {"q20": "noorwegen"}


@st.composite
def references(draw):
    """Two sides of names and attributions with few references, so that many alignments are as good."""
    letters = st.sampled_from("abc-")

    def side(n):
        row = mentions(*(None if ref == "-" else ref for ref in draw(st.lists(letters, min_size=6, max_size=6))), name=f"d{n}")
        places = [40 + 10 * k for k in range(3)]
        said = [attribution([(p, p + 2)], [(p + 3, p + 5)], [(p + 6, p + 9)]) for p in places]
        refs = [None if ref == "-" else ref for ref in draw(st.lists(letters, min_size=3, max_size=3))]
        return {**row, "attributions": [{**a, "source_ref": ref} for a, ref in zip(said, refs, strict=True)]}

    return [side(n) for n in range(3)], [side(n) for n in range(3)]


def found(gold, predicted):
    asked = [measure(name) for name in ("entities.ref", "attributions.source_ref")]
    return {name: tuple(counts) for name, counts in scored(gold, predicted, measures=asked).measures.items()}


@settings(max_examples=60, deadline=None)
@given(references(), st.randoms(use_true_random=False))
def test_order_and_spelling_are_nothing(sides, random):
    gold, predicted = sides
    shuffled = copy.deepcopy(predicted)
    for row in shuffled:
        for layer in ("entities", "attributions"):
            random.shuffle(row[layer])
    random.shuffle(shuffled)
    assert found(gold, predicted) == found(gold, shuffled)
    other = {"a": "q", "b": "r", "c": "p"}.__getitem__
    apart = renamed(predicted, {"a": "x", "b": "y", "c": "z"}.__getitem__)
    assert found(gold, apart) == found(renamed(gold, other), apart)


@settings(max_examples=60, deadline=None)
@given(references())
def test_no_other_alignment_agrees_more(sides):
    """All one-to-one alignments of three references, tried one by one."""
    gold, predicted = sides[0][:1], sides[1][:1]
    pairs = [
        (g[field], p[field])
        for layer, field in (("entities", "ref"), ("attributions", "source_ref"))
        for g, p in zip(gold[0][layer], predicted[0][layer], strict=True)
    ]
    most = max(
        sum(one.get(g) == p for g, p in pairs if g and p)
        for one in (dict(zip("abc", p, strict=True)) for p in itertools.permutations("abc"))
    )
    layers = scored(gold, predicted, measures=[measure("entities.ref"), measure("attributions.source_ref")]).evidence
    assert sum(int(layers.references[layer].sum()) for layer in ("entities", "attributions")) == most


def test_batches_align_the_same(tmp_path):
    gold = [mentions("a", "a", "b", name=f"d{n}") for n in range(6)]
    guess = [mentions(*("xxy" if n % 2 else "xyy"), name=f"d{n}") for n in range(6)]
    kinds = {**SCHEMA, "length": pl.Int64}
    for name, rows in (("g", gold), ("p", guess)):
        plain = [{key: row.get(key) for key in kinds} for row in rows]
        pl.DataFrame(plain, schema=kinds, strict=False).write_parquet(tmp_path / f"{name}.parquet")
    parts = card(score_batches(tmp_path / "g.parquet", tmp_path / "p.parquet", Scoring(), batch=2))
    assert parts["entities.ref"] == scored(gold, guess)["entities.ref"]
    assert parts["entities.ref"].tp == 3 * 3 + 3 * 2
