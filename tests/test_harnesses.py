"""Our tasks in other people's harnesses, run in them offline; and every example of eval/harnesses/README.md."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import threading
import types
from collections import Counter
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import volgens
from environments import environment, models
from volgens.cli import main
from volgens.corpus import Gold, load
from volgens.model.documents import Document
from volgens.readers.answer_form import example
from volgens.readers.corpus import load_gold
from volgens.readers.foreign import FORMATS, detect, parse_map
from volgens.readers.foreign.llm import prediction
from volgens.readers.native import Reading
from volgens.writers import FORMATS as EXPORTS
from volgens.writers.formats import documents
from volgens.writers.tokens import apart, blocks

ROOT = Path(__file__).parents[1]
HARNESSES = ROOT / "eval" / "harnesses"
OURS = ["polars>=1.30", "numpy>=1.26", "jsonschema>=4.21"]
INSPECT = ["inspect-ai>=0.3.100", *OURS]
LM_EVAL = ["lm-eval[api]>=0.4.9", *OURS]
SPACY = ["spacy>=3.8", *OURS]
MEASURES = ("entities", "figures", "attributions", "claims")
BROKEN = ("own-001", "own-002-t1")


@cache
def own():
    return load_gold(gold=ROOT / "dataset")


@cache
def replies():
    """document → the gold in a model's words; two documents get a reply that is none."""
    found = {d.id: "Zeker! " + json.dumps(example(d), ensure_ascii=False) for d in documents(own())}
    return found | dict.fromkeys(BROKEN, '{"entities": [')


@cache
def expected():
    """The scores that the replies earn, by our own API; the harnesses must report the same."""
    texts = dict(own().select("id", "text").iter_rows())
    rows = [prediction(reply, name, texts[name]) for name, reply in replies().items() if name not in BROKEN]
    card = volgens.score(rows, own(), missing="empty", measures=MEASURES)
    return {**{name: card[name].f1 for name in MEASURES}, "read": 1 - len(BROKEN) / len(own())}


PAGE = (HARNESSES / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)


def commands():
    """The commands of the page, split as a shell splits them."""
    lines = "\n".join(text for language, text in BLOCKS if not language).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line.strip()]


def python_block(containing):
    found = [text for language, text in BLOCKS if language == "python" and containing in text]
    assert len(found) == 1
    return found[0]


def run_in(python, script, folder):
    """The last line that a script prints, as JSON. It is given the replies by text, the harnesses and a folder to write to."""
    texts = dict(own().select("text", "id").iter_rows())
    answers = folder / "replies.json"
    answers.write_text(json.dumps({text: replies()[name] for text, name in texts.items()}))
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "eval"), "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf")}
    done = subprocess.run(
        [python, "-c", script, answers, ROOT, folder], env=settings, capture_output=True, text=True, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


INSPECT_SCRIPT = """
import json, sys
from pathlib import Path
replies = json.loads(Path(sys.argv[1]).read_text())
from inspect_ai import eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from volgens.integrations.inspect_task import volgens
def say(reply):
    output = ModelOutput.from_content("mockllm/model", reply)
    output.usage = ModelUsage()  # else the mock model counts tokens with a table from the network
    return output
def answer(input, tools, tool_choice, config):
    return say(replies[input[-1].text])
def silent(input, tools, tool_choice, config):
    return say("Dat weet ik niet.")
def run(answer, **settings):
    model = get_model("mockllm/model", custom_outputs=answer)
    log = eval(volgens(), model=model, log_dir=sys.argv[3], display="none", **settings)[0]
    assert log.status == "success", log.error
    failed = sorted(s.id for s in log.samples if s.scores["extraction"].explanation)
    metrics = {name: metric.value for name, metric in log.results.scores[0].metrics.items()}
    return {"metrics": metrics, "failed": failed, "samples": len(log.samples)}
print(json.dumps([run(answer), run(answer, limit=3), run(silent)]))
"""


def test_inspect_ai(tmp_path):
    """With its mock model, giving the gold in words: the task's numbers are those of our own API, over all documents or a few."""
    whole, few, silent = run_in(environment("inspect", INSPECT), INSPECT_SCRIPT, tmp_path)
    assert whole["metrics"] == pytest.approx(expected())
    assert (whole["failed"], whole["samples"]) == (sorted(BROKEN), len(own()))
    assert few["samples"] == 3
    assert few["metrics"]["entities"] > 0.9
    assert silent["metrics"] == {"read": 0}


@contextmanager
def served():
    """The address of a chat server on this machine that gives the gold in words for the text at the end of what it is asked."""
    texts = dict(own().select("text", "id").iter_rows())

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["messages"][-1]["content"].rstrip()
            reply = next(replies()[name] for text, name in texts.items() if asked.endswith(text))
            answer = json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": reply}}]}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def lm_eval(arguments, folder):
    """Run the command from the root of the repository; the results by metric."""
    python = environment("lm-eval", LM_EVAL)
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "eval"), "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf")}
    command = [python.parent / "lm_eval", *arguments, "--output_path", folder / "out"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    found = json.loads(next((folder / "out").rglob("results_*.json")).read_text())["results"]["volgens"]
    return {name: found[f"{name},none"] for name in (*MEASURES, "read")}


def test_lm_evaluation_harness_by_the_command_of_the_page(tmp_path):
    """Against a served model that gives the gold in words, with two broken replies: the numbers are those of our own API."""
    command = next(c for c in commands() if c[0] == "lm_eval")
    assert command[3] == "$(python -m volgens.integrations.lm_harness)"
    command[3] = subprocess.run([sys.executable, *command[3][9:-1].split()], capture_output=True, text=True).stdout.strip()
    with served() as address:
        arguments = [part.replace("http://127.0.0.1:8000", address) for part in command[1:]]
        assert lm_eval(arguments, tmp_path) == pytest.approx(expected())


def test_lm_evaluation_harness_with_replies_that_are_no_answers():
    """Nothing read is no score, not a score of 0; something read scores the rest as empty predictions."""
    from volgens.integrations.lm_harness import functions

    first, second, *_ = list(functions.dataset()["test"])
    wrong, right = functions.results(first, ["Dat weet ik niet."]), functions.results(second, [replies()[second["id"]]])
    assert (wrong["read"], right["read"]) == (0, 1)
    assert np.isnan(functions.entities([wrong["entities"]]))
    assert 0 < functions.entities([wrong["entities"], right["entities"]]) < functions.entities([right["entities"]]) <= 1
    assert functions.prompt(first).endswith(first["text"] + "\n")


def test_the_gold_in_words_scores_well():
    """What is lost is lost by locating: the same string at several places."""
    assert expected()["entities"] > 0.85
    assert expected()["attributions"] > 0.8


class Loop:
    """What a `Trainer` has: gold tokens as features with labels, and logits for them."""

    def __init__(self, split_words=False):
        self.labels = ["O", *(f"{p}-{t}" for t in ("PER", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "MISC") for p in "BI")]
        self.features, self.truth = [], []
        for document in documents(own()):
            self._add(document, split_words)

    def _add(self, document: Document, split_words):
        offsets, tags = [(0, 0)], [-100]
        for tokens in blocks(document):
            inside = [e for e in document.entities if tokens[0].start <= e.start and e.end <= tokens[-1].end]
            found = ["O"] * len(tokens)
            for piece in apart(inside, tokens, Counter()):
                found[piece.first : piece.last] = [f"B-{piece.label}"] + [f"I-{piece.label}"] * (piece.last - piece.first - 1)
            for token, tag in zip(tokens, found, strict=True):
                pieces = (
                    [(token.start, token.start + 2), (token.start + 2, token.end)] if token.end - token.start > 3 else [token]
                )
                offsets += pieces if split_words else [token]
                tags += [self.labels.index(tag), *[-100] * (len(pieces) - 1 if split_words else 0)]
        self.features.append({"id": document.id, "offset_mapping": offsets})
        self.truth.append(tags)

    def logits(self, wrong=frozenset()):
        width = max(map(len, self.truth))
        logits = np.zeros((len(self.truth), width, len(self.labels)))
        for row, tags in enumerate(self.truth):
            for n in range(width):
                tag = tags[n] if n < len(tags) else -100
                logits[row, n, 0 if row in wrong else (5 if tag == -100 else tag)] = 1
        return logits, [tags + [-100] * (width - len(tags)) for tags in self.truth]


@pytest.mark.parametrize("split_words", [False, True])
def test_compute_metrics(split_words):
    """Gold as logits is found whole, pieces of words joined whatever they are taken for; a document left out costs recall."""
    from volgens.integrations.training import make_compute_metrics

    loop = Loop(split_words)
    compute = make_compute_metrics(own(), loop.features, dict(enumerate(loop.labels)), ("entities", "entities.span"))
    perfect = compute(loop.logits())
    assert perfect == {f"{m}_{p}": 1.0 for m in ("entities", "entities.span") for p in ("precision", "recall", "f1")}
    worse = compute(loop.logits(wrong={0}))
    assert worse["entities_precision"] == 1 > worse["entities_recall"] > 0.5
    silent = compute(loop.logits(wrong=set(range(len(loop.truth)))))
    assert (silent["entities_f1"], silent["entities_recall"], "entities_precision" in silent) == (0, 0, False)


def scored_by_the_command_of_the_page(format, capsys):
    """The measures of the file that an example wrote into this folder; the command's format is also the one that is detected."""
    command = next(c for c in commands() if c[:2] == ["volgens", "score"] and format in c)
    where = command.index("--from")
    assert detect(Path(command[2]).read_bytes(), command[2]) == command[where + 1] == format
    assert main([*command[1:], "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["signature"]["from"] == format
    return found["measures"]


def with_real_models(kind, name, example, folder):
    """Run an example of the page in the real libraries, on a model with random weights that lies where the example looks."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "eval"), "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    (folder / "texts.json").write_text(json.dumps(own()["text"].to_list()), encoding="utf-8")
    for words in ([ROOT / "tests" / "cases" / "tiny_models.py", "texts.json", kind, name], ["-c", python_block(example)]):
        command = [models(), *map(str, words)]
        done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, cwd=folder)
        assert done.returncode == 0, done.stderr


def answers(path):
    """What the library gave, by document."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row["output"] for row in rows}


def items_read(path, form):
    """How many items of each layer are read from the file by the map of the page's command."""
    command = next(c for c in commands() if c[:2] == ["volgens", "score"] and form in c)
    mapping, problems = parse_map(command[command.index("--map") + 1])
    assert problems == []
    frame = load(path, Gold(), Reading(from_=form, map=mapping)).predictions
    return {layer: frame[layer].list.len().sum() for layer in ("entities", "figures") if layer in frame.columns}


def test_the_transformers_example(tmp_path, monkeypatch, capsys):
    """Every whole word that a real pipeline tags becomes a name at its place, none else."""
    with_real_models("tagger", "your/dutch-model", "aggregation_strategy", tmp_path)
    monkeypatch.chdir(tmp_path)
    card = scored_by_the_command_of_the_page("hf-pipeline", capsys)
    given = answers(tmp_path / "hf.jsonl")
    assert given.keys() == set(own()["id"]) and {"PERSON"} < {item["entity_group"] for items in given.values() for item in items}
    assert items_read(tmp_path / "hf.jsonl", "hf-pipeline")["entities"] == sum(map(len, given.values())) > 100
    assert card["entities.span"]["tp"] > 0


def test_the_gliner_example(tmp_path, monkeypatch, capsys):
    """What a real GLiNER finds is read as names and figures by the labels that were asked for."""
    with_real_models("gliner", "your/gliner-model", "predict_entities", tmp_path)
    monkeypatch.chdir(tmp_path)
    card = scored_by_the_command_of_the_page("gliner", capsys)
    given = answers(tmp_path / "gliner.jsonl")
    times = Counter(item["label"] for items in given.values() for item in items)
    assert times.keys() == {"person", "organization", "country or city", "percentage"}
    numbers = times["percentage"]
    assert items_read(tmp_path / "gliner.jsonl", "gliner") == {"entities": times.total() - numbers, "figures": numbers}
    assert card["figures.span"]["predicted"] == numbers
    texts = dict(own().select("id", "text").iter_rows())
    assert all(texts[name][i["start"] : i["end"]] == i["text"] for name, items in given.items() for i in items)


SPACY_SCRIPT = """
import sys, spacy
nlp = spacy.blank("nl")
rules = [{"label": "PERSON", "pattern": [{"IS_TITLE": True}]}, {"label": "DATE", "pattern": "januari"}]
nlp.add_pipe("entity_ruler").add_patterns(rules)
spacy.load = lambda name: nlp
exec(sys.argv[1], {})
"""


def test_the_spacy_example(tmp_path, monkeypatch, capsys):
    """In a real spaCy, with rules in place of the trained pipeline."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "eval")}
    command = [environment("spacy", SPACY), "-c", SPACY_SCRIPT, python_block("spacy.load")]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    monkeypatch.chdir(tmp_path)
    assert 0 < scored_by_the_command_of_the_page("spacy-json", capsys)["entities.span"]["f1"] < 1


def test_the_training_examples(tmp_path, monkeypatch, capsys):
    """Whole pages are held out, and the trainer's numbers are ours."""
    monkeypatch.chdir(tmp_path)
    exec(python_block("held_out"), {})
    sizes = [int(n) for n in re.findall(r"(\d+) documents", capsys.readouterr().out)]
    held_out = own().filter(pl.col("page").is_in(["own-000", "own-001"]))
    assert sizes == [len(own()) - len(held_out), len(held_out)]

    class Trainer:
        def __init__(self, model, eval_dataset, compute_metrics):
            self.compute_metrics = compute_metrics

        def evaluate(self):
            return self.compute_metrics(loop.logits(wrong={0}))

    loop = Loop()
    model = types.SimpleNamespace(config=types.SimpleNamespace(id2label=dict(enumerate(loop.labels))))
    names = {"gold": own(), "features": loop.features, "model": model, "Trainer": Trainer}
    exec(python_block("make_compute_metrics"), names)
    said = capsys.readouterr().out
    assert "'entities_f1': 0.87" in said
    assert "'entities.overlap_f1': 0.87" in said


def test_the_page_names_every_format_and_every_file():
    assert re.findall(r"^\| `([a-z][\w-]+)` \| .* \| .*\|$", PAGE.split("## Training")[0], re.MULTILINE) == list(FORMATS)
    assert all((HARNESSES / link).exists() for link in re.findall(r"\]\(([\w/.]+)\)", PAGE))


def test_the_export_commands(tmp_path, monkeypatch):
    """That of a DocBin is tested with a spaCy in test_writers.py."""
    monkeypatch.chdir(tmp_path)
    exports = [command[1:] for command in commands() if command[:2] == ["volgens", "export"]]
    assert [name for _, name, *_ in exports] == list(EXPORTS)
    assert [main(command) for command in exports if "spacy" not in command] == [0, 0]
    assert (tmp_path / "data" / "own-test.conll").stat().st_size > 0
    assert len(list((tmp_path / "data" / "brat").glob("*.ann"))) == len(own())
