"""One invented document in every form in which people have labelled data: each is gold, each is a prediction, and all meet."""

from __future__ import annotations

import json

import pytest
from volgens import score
from volgens.cli import main
from volgens.model.problem import ProblemsFound
from volgens.readers.corpus import load_gold
from volgens.readers.native import Reading

TEXT = "Ida Holm woont in Nieuw-Bergen. Zij zei: 'nee'."
NAMES = [(0, 8, "PER"), (18, 30, "LOC")]
SENTENCES = [
    [("Ida", "B-PER"), ("Holm", "I-PER"), ("woont", "O"), ("in", "O"), ("Nieuw-Bergen", "B-LOC"), (".", "O")],
    [("Zij", "O"), ("zei", "O"), (":", "O"), ("'", "O"), ("nee", "O"), ("'", "O"), (".", "O")],
]
TOKENS = [word for sentence in SENTENCES for word, _ in sentence]
TAGS = [tag for sentence in SENTENCES for _, tag in sentence]
GLUED = ("Nieuw-Bergen", "zei", "nee")


def columns(line, head="", of_sentence=""):
    """A file of columns: `line(number, word, tag)` gives one."""
    blocks = [of_sentence + "".join(line(n, *token) + "\n" for n, token in enumerate(sentence, 1)) for sentence in SENTENCES]
    return head + "\n".join(blocks)


def misc(word, *more):
    return "|".join([*more, *(["SpaceAfter=No"] if word in GLUED else [])]) or "_"


def spans(label="label", start="start", end="end"):
    return [{start: s, end: e, label: kind} for s, e, kind in NAMES]


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def region(start, end, kind):
    return {"start": start, "end": end, "text": TEXT[start:end], "labels": [kind]}


def bracketed(word, tag):
    if tag == "O":
        return "_"
    return {"Ida": "({}", "Holm": "{})"}.get(word, "({})").format(tag[2:])


def iob1(tag):
    return tag.replace("B-", "I-")


LISTS = [list(name) for name in NAMES]
FORMS = {
    "hipe.tsv": (columns(lambda n, w, t: f"{w}\t{t}\tO\t{'NoSpaceAfter' if w in GLUED else '_'}",
                         "TOKEN\tNE-COARSE-LIT\tNE-METO\tMISC\n# hipe2022:document_id = d1\n# hipe2022:date = 1900-01-01\n"),
                 "iob2", "token=TOKEN,tag=NE-COARSE-LIT"),
    "frog.tsv": (columns(lambda n, w, t: f"{n}\t{w}\t{w.lower()}\t[x]\tN\t0.99\t{t}\tB-NP\t0\tROOT\t\t"),
                 "iob2", "token=2,tag=7"),
    "conll2002.txt": (columns(lambda n, w, t: f"{w} N {t}", "-DOCSTART- -DOCSTART- O\n\n"), "iob2", None),
    "conll2003.txt": (columns(lambda n, w, t: f"{w} N I-NP {iob1(t)}", "-DOCSTART- -X- O O\n\n"), "iob1", None),
    "names.conllu": (columns(lambda n, w, t: f"{n}\t{w}\t{w}\tX\tX\t_\t0\troot\t_\t{misc(w, *['NER=' + t] * (t != 'O'))}",
                             "# newdoc id = d1\n", "# sent_id = s\n# text = x\n"), "iob2", "token=2,tag=10.NER"),
    "plus.conllup": (columns(lambda n, w, t: f"{n}\t{w}\tX\t{t}\t{misc(w)}",
                             "# global.columns = ID FORM UPOS NER MISC\n# newdoc id = d1\n"), "iob2", "token=FORM,tag=NER"),
    "uner.iob2": (columns(lambda n, w, t: f"{n}\t{w}\t{t}\t-\tiemand", of_sentence="# sent_id = s\n"), "iob2", "token=2,tag=3"),
    "clin26.ne": (columns(lambda n, w, t: f"{n}\t{w}\t{bracketed(w, t)}\t_"), "brackets", "token=2,tag=3"),
    "tagged.jsonl": (lines({"tokens": TOKENS, "ner_tags": TAGS}), "iob2", None),
    "tagged-with-id.jsonl": (lines({"id": "0", "tokens": TOKENS, "ner_tags": TAGS}), "iob2", None),
    "prodigy.jsonl": (lines({"text": TEXT, "spans": spans(), "answer": "accept", "_input_hash": 1}), None, None),
    "doccano.jsonl": (lines({"id": 5, "text": TEXT, "label": LISTS, "Comments": []}), None, None),
    "doccano-relations.jsonl": (lines({"id": 5, "text": TEXT, "entities": spans("label", "start_offset", "end_offset"),
                                       "relations": []}), None, None),
    "spacy-tuples.json": (json.dumps([[TEXT, {"entities": LISTS}]]), None, None),
    "spacy-annotator.json": (json.dumps({"classes": ["PER", "LOC"], "annotations": [[TEXT, {"entities": LISTS}], None]}),
                             None, None),
    "spacy.jsonl": (lines({"text": TEXT, "ents": spans(), "sents": [], "tokens": []}), None, None),
    "gliner.jsonl": (lines({"id": "d1", "text": TEXT, "entities": [{**s, "text": TEXT[s["start"] : s["end"]], "score": 0.9}
                                                                  for s in spans()]}), None, None),
    "gliner-train.jsonl": (lines({"tokenized_text": TOKENS, "ner": [[0, 1, "PER"], [4, 4, "LOC"]]}), None, None),
    "gliner2-train.jsonl": (lines({"input": TEXT, "output": {"entities": {"PER": ["Ida Holm"], "LOC": ["Nieuw-Bergen"]}}}),
                            None, None),
    "spans.jsonl": (lines({"id": "d1", "text": TEXT, "entities": spans()}), None, None),
    "ours.jsonl": (lines({"id": "d1", "text": TEXT, "length": len(TEXT), "entities": spans("type")}), None, None),
    "project.json": (json.dumps([{"id": 1, "data": {"text": TEXT}, "annotations": [{"id": 1, "result": [
        {"id": str(name[0]), "type": "labels", "from_name": "l", "to_name": "t", "value": region(*name)} for name in NAMES
    ]}]}]), None, None),
    "project-min.json": (json.dumps([{"id": 1, "text": TEXT, "label": [region(*name) for name in NAMES], "annotator": 1,
                                      "annotation_id": 1, "lead_time": 3.1}]), None, None),
    "brat": ("", None, None),
}  # fmt: skip


OWN_ID = {"hipe.tsv", "names.conllu", "plus.conllup", "gliner.jsonl", "spans.jsonl", "ours.jsonl", "brat"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("forms")
    for name, (content, *_) in FORMS.items():
        if name != "brat":
            (made / name).write_text(content, encoding="utf-8")
    (made / "brat").mkdir()
    (made / "brat" / "d1.txt").write_text(TEXT + "\n")
    marks = "".join(f"T{n}\t{kind} {s} {e}\t{TEXT[s:e]}\n" for n, (s, e, kind) in enumerate(NAMES, 1))
    (made / "brat" / "d1.ann").write_text(marks + "R1\tLives Arg1:T1 Arg2:T2\n#1\tAnnotatorNotes T1\thm\n")
    return made


def how(form):
    return Reading(scheme=FORMS[form][1], columns=FORMS[form][2])


def f1(folder, predicted, gold):
    said = {"scheme": FORMS[predicted][1], "columns": FORMS[predicted][2]}
    card = score(folder / predicted, folder / gold, labels="any", gold_reading=how(gold), measures="entities", **said)
    return card["entities"].f1


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_gold_with_its_text_and_names(folder, form):
    gold = load_gold(gold=folder / form, labels="any", how=how(form))
    assert "".join(gold["text"][0].split()) == "".join(TEXT.split())
    assert [(e["start"], e["end"], e["type"]) for e in gold["entities"][0]] == NAMES
    assert (gold["id"][0] == "d1") == (form in OWN_ID)


@pytest.mark.parametrize("gold", FORMS)
def test_every_form_of_prediction_meets_every_form_of_gold(folder, gold):
    by_id = {"ours.jsonl"} if gold in OWN_ID else set()  # our own form goes by the gold's ids alone
    forms = by_id | {"names.conllu", "tagged.jsonl", "prodigy.jsonl", "gliner.jsonl", "brat", "project.json", gold} - {
        "ours.jsonl"
    }
    assert {form: f1(folder, form, gold) for form in forms} == dict.fromkeys(forms, 1.0)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_prediction_meets_gold_in_columns_and_of_spans(folder, form):
    assert [f1(folder, form, gold) for gold in ("hipe.tsv", "spans.jsonl")] == [1, 1]


@pytest.mark.parametrize("form", ["hipe.tsv", "names.conllu", "prodigy.jsonl", "project-min.json", "brat"])
def test_the_command_takes_them_on_both_sides(folder, form, capsys):
    scheme, named = FORMS[form][1:]
    said = [f"--gold-scheme={scheme}"] * bool(scheme) + [f"--gold-columns={named}"] * bool(named)
    command = ["score", str(folder / "spans.jsonl"), "--gold", str(folder / form), "--labels", "any", "--format", "score", *said]
    assert main([*command, "--measures", "entities"]) == 0
    assert float(capsys.readouterr().out) == 1


@pytest.mark.parametrize("form", ["prodigy.jsonl", "spans.jsonl", "ours.jsonl", "brat"])
def test_another_text_is_named_with_document_and_place(folder, tmp_path, form):
    if form == "brat":
        (tmp_path / "brat").mkdir()
        for path in (folder / "brat").iterdir():
            (tmp_path / "brat" / path.name).write_text(path.read_text().replace("Zij", "Hij"))
    else:
        (tmp_path / form).write_text((folder / form).read_text().replace("Zij", "Hij"))
    gold = tmp_path / "gold.tsv"
    gold.write_text((folder / "hipe.tsv").read_text())
    with pytest.raises(ProblemsFound) as found:
        score(tmp_path / form, gold, labels="any", gold_reading=how("hipe.tsv"))
    told = str(found.value)
    if form == "prodigy.jsonl":  # it has no id, so that no document is the one that it differs from
        assert "no document of the gold has its text" in told
    else:
        assert "d1" in told and 'at 32 it has "Hij zei: \'ne", the gold "Zij zei: \' n"' in told


def test_an_id_that_the_gold_lacks_is_found_by_the_text_and_counted(folder):
    card = score(folder / "hipe.tsv", folder / "frog.tsv", labels="any", scheme="iob2", columns=FORMS["hipe.tsv"][2],
                 gold_reading=how("frog.tsv"))  # fmt: skip
    assert card.notes["documents whose id the gold lacks, found by their text"] == 1
