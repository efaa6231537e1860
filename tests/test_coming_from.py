"""The page for those who come from another scorer: its numbers are made here, and hold on other files too."""

from __future__ import annotations

import random
import re
import warnings
from itertools import permutations
from pathlib import Path

import pytest
from agency import WIKINEWS, needs_wikinews
from builders import document, scored
from test_parity import chunks
from volgens import score
from volgens.model.problem import ProblemsFound
from volgens.readers.native import Reading

PAGE = (Path(__file__).parents[1] / "eval" / "COMING_FROM.md").read_text(encoding="utf-8")
BOTH = re.search(r"<!-- both.conll -->\n```\n(.*?)```", PAGE, re.S)[1]
TYPES = ("PER", "ORG", "LOC")
NERVALUATE = {"strict": "strict", "exact": "exact", "partial": "partial", "ent_type": "type"}


def tags(text, column):
    """Tags by sentence."""
    return [[line.split()[column] for line in block.splitlines()] for block in text.strip().split("\n\n")]


def three(tp, predicted, gold):
    """Precision, recall and F1 as conlleval prints them: 0 where undefined."""
    precision, recall = (tp / n if n else 0.0 for n in (predicted, gold))
    return precision, recall, 2 * tp / (predicted + gold) if predicted + gold else 0.0


def conlleval(gold, predicted, kind=None):
    """Chunks of equal place and type among all chunks, over all sentences."""
    g, p = ({(n, *c) for n, s in enumerate(side) for c in chunks(s, False) if kind in (None, c[2])} for side in (gold, predicted))
    return three(len(g & p), len(p), len(g))


def seqeval(gold, predicted, average="micro", **more):
    from seqeval.metrics import f1_score, precision_score, recall_score

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tuple(float(f(gold, predicted, average=average, **more)) for f in (precision_score, recall_score, f1_score))


def strict(gold, predicted):
    from seqeval.scheme import IOB2

    return seqeval(gold, predicted, mode="strict", scheme=IOB2)


def nervaluate(gold, predicted, labels, **more):
    from nervaluate import Evaluator

    found = Evaluator(gold, predicted, tags=labels, **more).evaluate()["overall"]
    return {name: (r.precision, r.recall, r.f1) for name, r in found.items()}


def of(counts):
    return tuple(value or 0.0 for value in (counts.precision, counts.recall, counts.f1))


def macro(card):
    rows = [of(counts) for name, counts in card.cells.items() if name.startswith("entities[type=")]
    return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))


def ours(path, scheme):
    how = Reading(columns="token=1,tag=2")
    return score(path, path, columns="token=1,tag=3", scheme=scheme, labels="any", gold_reading=how)


def all_numbers(path, scheme="conlleval"):
    """What each scorer gives, and what ours does, by the first cell of the page's rows."""
    text = path.read_text(encoding="utf-8")
    gold, predicted = tags(text, 1), tags(text, 2)
    labels = sorted({tag[2:] for side in (gold, predicted) for s in side for tag in s if tag != "O"})
    card = ours(path, scheme)
    found = {
        "conlleval, overall": (conlleval(gold, predicted), of(card["entities"])),
        "seqeval, default, micro": (seqeval(gold, predicted), of(card["entities"])),
        "seqeval, default, macro": (seqeval(gold, predicted, "macro"), macro(card)),
    }
    for kind in labels:
        found[f"conlleval, {kind}"] = (conlleval(gold, predicted, kind), of(card[f"entities[type={kind}]"]))
    for name, numbers in nervaluate(gold, predicted, labels, loader="list").items():
        found[f"nervaluate, {name}"] = (numbers, of(card[f"semeval.{NERVALUATE[name]}"]))
    return found


def test_the_table_of_the_page(tmp_path):
    path = tmp_path / "both.conll"
    path.write_text(BOTH, encoding="utf-8")
    found = all_numbers(path)
    rows = re.findall(r"^\| (\w+, [^|]+?) \|(.*)\|$", PAGE, re.M)
    assert {name.split(",")[0] for name, _ in rows} == {"conlleval", "seqeval", "nervaluate"} and len(rows) == 9
    for name, rest in rows:
        cells = [cell.strip() for cell in rest.split("|")]
        theirs, mine = [tuple(float(c) for c in cells[at : at + 3] if c) for at in (0, 4)]
        if name == "seqeval, strict, IOB2":
            assert theirs == pytest.approx(strict(tags(BOTH, 1), tags(BOTH, 2)), abs=5e-4) and mine == ()
            with pytest.raises(ProblemsFound) as refused:
                ours(path, "iob2")
            assert [(p.id, p.where.line) for p in refused.value.problems] == [("not-of-scheme", n) for n in (18, 22, 25)]
        else:
            assert (theirs, mine) == tuple(pytest.approx(numbers, abs=5e-4) for numbers in found[name]), name


def sequence(chance, well_formed):
    """Random tags of a sentence, as IOB2 or with an I that begins a name here and there."""
    made = []
    while len(made) < chance.randint(4, 12):
        if chance.random() < 0.5:
            made.append("O")
        else:
            kind = chance.choice(TYPES)
            made += [("B-" if well_formed or chance.random() < 0.6 else "I-") + kind, *[f"I-{kind}"] * chance.randint(0, 2)]
    return made


def columns(chance, well_formed):
    """Sentences with the gold's tags and a system's, which are the gold's here and there."""
    sentences = []
    for n in range(chance.randint(1, 8)):
        gold = sequence(chance, well_formed)
        given = gold if chance.random() < 0.3 else [*sequence(chance, well_formed), *["O"] * len(gold)][: len(gold)]
        rows = enumerate(zip(gold, given, strict=True))
        sentences.append("".join(f"w{n}x{at} {one} {other}\n" for at, (one, other) in rows))
    return "\n".join(sentences)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("well_formed", [True, False])
def test_other_files_give_the_same_numbers(tmp_path, seed, well_formed):
    path = tmp_path / "both.conll"
    path.write_text(columns(random.Random(seed), well_formed), encoding="utf-8")
    found = all_numbers(path)
    theirs, mine = found.pop("nervaluate, ent_type")
    assert all(a <= b + 1e-9 for a, b in zip(theirs, mine, strict=True))  # the page says why
    for name, (theirs, mine) in found.items():
        assert theirs == pytest.approx(mine), name
    if well_formed:
        text = path.read_text(encoding="utf-8")
        assert strict(tags(text, 1), tags(text, 2)) == pytest.approx(of(ours(path, "iob2")["entities"]))


def spans(*places, label="PER"):
    return [{"label": label, "start": start, "end": end} for start, end in places]


def semeval(gold, predicted):
    rows = ([document("d", [(s["start"], s["end"], s["label"]) for s in side])] for side in (gold, predicted))
    return scored(*rows, view="nested")


def test_what_the_page_says_of_nervaluate():
    gold, predicted = spans((0, 3), (5, 9)), spans((0, 2), (0, 9), (5, 9))
    theirs = {}
    for order in permutations(range(3)):
        listed = [predicted[n] for n in order]
        theirs[order] = nervaluate([gold], [listed], ["PER"])["strict"][2]
        assert semeval(gold, listed)["semeval.strict"].f1 == pytest.approx(0.4)
    assert theirs[0, 1, 2] == 0 and theirs[1, 2, 0] == pytest.approx(0.4)
    twice = spans((1, 9), label="LOC"), spans((2, 5), label="ORG") + spans((6, 9), label="LOC")
    assert nervaluate([twice[0]], [twice[1]], ["ORG", "LOC"])["ent_type"][1] == 0
    assert semeval(*twice)["semeval.type"].recall == 1
    touching = spans((0, 4)), spans((4, 8))
    assert nervaluate([touching[0]], [touching[1]], ["PER"])["partial"][2] == 0.5
    assert semeval(*touching)["semeval.partial"].f1 == 0
    beside = spans((0, 4)), spans((0, 4)) + spans((5, 8), label="X")
    assert nervaluate([beside[0]], [beside[1]], ["PER"])["strict"][0] == 1
    assert semeval(*beside)["semeval.strict"].precision == 0.5


def bracketed(names, length):
    """Cells of a sentence for names as (first, last, type), the outer ones first."""
    cells = [[] for _ in range(length)]
    for first, last, kind in sorted(names, key=lambda n: (n[0], -n[1])):
        for at in range(first, last + 1):
            cells[at].append(("(" if at == first else "") + kind + (")" if at == last else ""))
    return ["|".join(cell) or "_" for cell in cells]


def drawn(chance, length):
    """Names of a sentence that nest and do not cross; of one type only where they do not touch each other."""
    found = set()
    for _ in range(chance.randint(0, 4)):
        first = chance.randrange(length)
        name = (first, chance.randint(first, min(length - 1, first + 4)), chance.choice(TYPES))
        within = [n for n in found if n[0] <= name[1] and name[0] <= n[1]]
        nests = all((n[0] < name[0] and name[1] < n[1]) or (name[0] < n[0] and n[1] < name[1]) for n in within)
        if nests and name[2] not in {n[2] for n in within}:
            found.add(name)
    return found


def clin26(key, response):
    """Names as a set of sentence, first token, last token and type, over all files; and the mean of F1 over files, 0 where
    undefined."""
    counts = [(len(k & r), len(r), len(k)) for k, r in zip(key, response, strict=True)]
    each = [three(*one)[2] for one in counts]
    return three(*map(sum, zip(*counts, strict=True))), sum(each) / len(each)


def folder(path, documents):
    path.mkdir()
    for n, sentences in enumerate(documents):
        blocks = [
            "".join(f"{at + 1}\td{n}s{s}w{at}\t{cell}\t_\n" for at, cell in enumerate(bracketed(names, length)))
            for s, (names, length) in enumerate(sentences)
        ]
        (path / f"{n}_page.txt.ne").write_text("\n".join(blocks), encoding="utf-8")
    return path


def sets(documents):
    return [{(s, *name) for s, (names, _) in enumerate(sentences) for name in names} for sentences in documents]


CLIN26 = Reading(scheme="brackets", columns="token=2,tag=3")


def nested(response, key, view="nested"):
    how = {"scheme": CLIN26.scheme, "columns": CLIN26.columns, "labels": "any", "view": view}
    return score(response, key, gold_reading=CLIN26, measures="entities", **how)


@pytest.mark.parametrize("seed", range(8))
def test_files_of_the_shared_task_give_its_micro_average(tmp_path, seed):
    chance = random.Random(seed)
    key = [[(drawn(chance, length), length) for length in (9, 6)] for _ in range(5)]
    response = [[(names if chance.random() < 0.5 else drawn(chance, n), n) for names, n in sentences] for sentences in key]
    card = nested(folder(tmp_path / "response", response), folder(tmp_path / "key", key))
    micro, mean = clin26(sets(key), sets(response))
    assert of(card["entities"]) == pytest.approx(micro)
    assert card.signature["documents"] == 5
    defined = [bool(k | r) for k, r in zip(sets(key), sets(response), strict=True)]
    assert (card.macro["entities"].f1 or 0) * sum(defined) / 5 == pytest.approx(mean)


def test_flat_and_nested_differ_where_names_nest(tmp_path):
    key = folder(tmp_path / "key", [[({(0, 3, "ORG"), (1, 1, "LOC")}, 5)]])
    response = folder(tmp_path / "response", [[({(0, 3, "ORG")}, 5)]])
    assert (nested(response, key)["entities"].recall, nested(response, key, "flat")["entities"].recall) == (0.5, 1)


def test_brackets_that_do_not_fit_are_named(tmp_path):
    (tmp_path / "key").mkdir()
    (tmp_path / "key" / "one.ne").write_text("1\tIda\t(PER\t_\n2\tHolm\t_\t_\n\n3\tBram\tPER)\t_\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        nested(tmp_path / "key", tmp_path / "key")
    told = [(Path(p.where.file).name, p.where.line, p.message) for p in found.value.problems]
    assert told == [
        ("one.ne", 1, "(PER is not closed within its sentence"),
        ("one.ne", 4, "PER) without a name PER that is open"),
    ]


@needs_wikinews
def test_the_key_of_the_shared_task(tmp_path):
    """The real key against itself with some types changed: no sentence of it is written down here."""
    key, response = WIKINEWS / "dev_corpora" / "ne", tmp_path / "response"
    response.mkdir()
    wanted, given = [], []
    for path in sorted(key.glob("*.ne")):
        lines = path.read_text(encoding="utf-8").splitlines()
        wanted.append(read(lines))
        changed = [line.replace("(ORG)", "(PER)") if n % 7 == 0 else line for n, line in enumerate(lines)]
        given.append(read(changed))
        (response / path.name).write_text("\n".join(changed) + "\n", encoding="utf-8")
    card = nested(response, key)
    micro, _ = clin26(wanted, given)
    assert of(card["entities"]) == pytest.approx(micro) and micro[2] < 1
    assert set(card.notes) == {f"{side}names in pieces, read from their first token to their last" for side in ("", "gold: ")}


def read(lines):
    """The names of a file as sentence, first and last token and type, of two open ones of a type the later closed first."""
    found, opened, sentence = set(), [], 0
    for n, line in enumerate(lines):
        cells = line.split("\t")
        sentence += not line.strip()
        for tag in cells[2].split("|") if len(cells) > 2 and cells[2] != "_" else ():
            if tag.startswith("("):
                opened.append((tag.strip("()"), n))
            if tag.endswith(")"):
                at = max(k for k, (kind, _) in enumerate(opened) if kind == tag.strip("()"))
                kind, first = opened.pop(at)
                found.add((sentence, first, n, kind))
    return found
