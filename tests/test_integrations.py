"""The package installed beside other people's tools: what they find of it by themselves, and that their numbers are ours."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import volgens
from environments import environment
from test_harnesses import BLOCKS, INSPECT, LM_EVAL, OURS, SPACY, commands, python_block

ROOT = Path(__file__).parents[1]
EVALUATE = ["evaluate>=0.4.5", *OURS]
SPLITS = sorted(path.stem for path in (ROOT / "dataset" / "data" / "own").glob("*.parquet"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the package as pip lays it down, its entry points included."""
    folder = tmp_path_factory.mktemp("installed") / "site-packages"
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--target", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def run(installed, words, folder):
    """A command in an environment, which finds the installed package; what it prints."""
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf")}
    env = {**os.environ, "PYTHONPATH": str(installed), **offline}
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, cwd=folder, env=env, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


SILENT = """
import json, sys
from inspect_ai import eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model
def answer(*_):
    output = ModelOutput.from_content("mockllm/model", '{"entities": [], "figures": [], "attributions": []}')
    output.usage = ModelUsage()
    return output
for split in sys.argv[2:]:
    model = get_model("mockllm/model", custom_outputs=answer)
    (log,) = eval(sys.argv[1], model=model, task_args={"split": split}, limit=2, log_dir="logs", display="none")
    assert log.status == "success", log.error
    print(json.dumps([log.eval.dataset.name, len(log.samples), log.results.scores[0].metrics["read"].value]))
"""


def test_inspect_finds_the_task_by_its_name_in_every_split(installed, tmp_path):
    (command,) = (c for c in commands() if c[0] == "inspect")
    python = environment("inspect", INSPECT)
    said = run(installed, [python, "-c", SILENT, command[2], *SPLITS], tmp_path).splitlines()
    assert [json.loads(line) for line in said] == [[f"volgens-own-{split}", 2, 1.0] for split in SPLITS]


def test_lm_evaluation_harness_takes_a_few_documents_of_other_gold(installed, tmp_path):
    """With the dummy model, whose reply is no answer: everything else of the way is the real one."""
    python = environment("lm-eval", LM_EVAL)
    folder = run(installed, [python, "-m", "volgens.integrations.lm_harness"], tmp_path).strip()
    metadata = json.dumps({"config": "own", "split": SPLITS[0], "gold": str(ROOT / "dataset")})
    words = ["run", "--include_path", folder, "--tasks", "volgens", "--model", "dummy", "--limit", "2", "--metadata", metadata]
    run(installed, [python.parent / "lm_eval", *words, "--output_path", tmp_path / "out"], tmp_path)
    found = json.loads(next((tmp_path / "out").rglob("results_*.json")).read_text())
    assert found["results"]["volgens"]["read,none"] == 0
    assert found["n-samples"]["volgens"]["effective"] == 2


def test_the_metric_of_evaluate(installed, tmp_path):
    said = run(installed, [environment("evaluate", EVALUATE), "-c", python_block("metric.add")], tmp_path)
    rows = [{"id": row["id"], "entities": row["entities"][1:]} for row in volgens.load_gold().iter_rows(named=True)]
    card = volgens.score(rows, measures=["entities", "entities.span"])
    parts = ("precision", "recall", "f1")
    assert eval(said) == {f"{name}_{part}": getattr(card[name], part) for name in card.cells for part in parts}


TRAIN = """
import json, sys, spacy
from spacy.tokens import DocBin
from spacy.training import Example
from spacy.util import load_config_from_str
from thinc.api import fix_random_seed
config = load_config_from_str('[nlp]\\nlang = "nl"\\npipeline = ["ner"]\\n[training]\\n[components]\\n' + sys.argv[2])
fix_random_seed(0)
nlp = spacy.util.load_model_from_config(config, auto_fill=True)
docs = list(DocBin().from_disk(sys.argv[1]).get_docs(nlp.vocab))
examples = [Example(nlp.make_doc(doc.text), doc) for doc in docs]
optimizer = nlp.initialize(lambda: examples)
for _ in range(3):
    nlp.update(examples, sgd=optimizer)
nlp.to_disk("trained")
def rows(docs):
    names = ([{"start": e.start_char, "end": e.end_char, "type": e.label_} for e in doc.ents] for doc in docs)
    return [{"id": f"d{n}", "text": doc.text, "entities": found} for n, (doc, found) in enumerate(zip(docs, names))]
print(json.dumps([rows(list(nlp.pipe(doc.text for doc in docs))), rows(docs)]))
"""


def test_a_spacy_pipe_reports_our_measures(installed, tmp_path):
    """A pipe of the page's config, trained a little, evaluated by the page's command: the numbers of our own command."""
    python = environment("spacy", SPACY)
    run(installed, [python, "-m", "volgens", "export", "spacy", "--out", "data"], tmp_path)
    (config,) = (text for language, text in BLOCKS if language == "ini")
    found, gold = json.loads(run(installed, [python, "-c", TRAIN, "data/own-test.spacy", config], tmp_path).splitlines()[-1])
    (command,) = (c for c in commands() if c[:2] == ["spacy", "evaluate"])
    run(installed, [python, "-m", *command], tmp_path)
    told = json.loads((tmp_path / "scores.json").read_text())["ner"]
    found = [{"id": row["id"], "entities": row["entities"]} for row in found]
    card = volgens.score(found, gold, measures=["entities", "entities.overlap"], labels="any")
    assert 0 < card["entities.overlap"].f1 < 1
    assert told["entities_f1"] == pytest.approx(card["entities"].f1)
    assert told["entities.overlap_recall"] == pytest.approx(card["entities.overlap"].recall)
    assert {"ents_f", "ents_per_type"} <= set(told)


def test_what_the_page_says_to_install_is_an_extra():
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    page = (ROOT / "eval" / "harnesses" / "README.md").read_text(encoding="utf-8")
    assert (
        {"spacy", "evaluate", "inspect", "lm-eval"} == set(re.findall(r"pip install 'volgens\[([\w-]+)\]'", page)) <= set(extras)
    )
