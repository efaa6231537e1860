"""Our tasks in other people's harnesses, run in them offline; and every example of eval/harnesses/README.md."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import volgens
from environments import environment
from volgens.corpus import load_gold
from volgens.documents import Document
from volgens.export.formats import documents
from volgens.export.tokens import apart, blocks
from volgens.extract.wire import example
from volgens.predictions.foreign.llm import prediction

ROOT = Path(__file__).parents[1]
HARNESSES = ROOT / "eval" / "harnesses"
OURS = ["polars>=1.30", "numpy>=1.26", "jsonschema>=4.21"]
INSPECT = ["inspect-ai>=0.3.100", *OURS]
LM_EVAL = ["lm-eval>=0.4.9", *OURS]
MEASURES = ("entities", "figures", "attributions", "claims")
BROKEN = ("own-001", "own-002-t1")


@cache
def own():
    return load_gold(source=ROOT / "dataset")


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


def run_in(python, script, folder):
    """The last line that a script prints, as JSON; it finds the replies by the text that it is asked about."""
    texts = dict(own().select("text", "id").iter_rows())
    answers = folder / "replies.json"
    answers.write_text(json.dumps({text: replies()[name] for text, name in texts.items()}))
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "eval"), "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf")}
    done = subprocess.run(
        [python, "-c", script, answers, HARNESSES, folder], env=settings, capture_output=True, text=True, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


INSPECT_SCRIPT = """
import json, sys
from pathlib import Path
replies = json.loads(Path(sys.argv[1]).read_text())
sys.path.insert(0, sys.argv[2])
from inspect_ai import eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_volgens import volgens_task
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
    log = eval(volgens_task(), model=model, log_dir=sys.argv[3], display="none", **settings)[0]
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


LM_EVAL_SCRIPT = """
import json, sys
from pathlib import Path
replies = json.loads(Path(sys.argv[1]).read_text())
import lm_eval
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager
class Told(LM):
    def loglikelihood(self, requests, disable_tqdm=False):
        raise NotImplementedError
    loglikelihood_rolling = loglikelihood
    def generate_until(self, requests, disable_tqdm=False):
        return [next(reply for text, reply in replies.items() if r.arguments[0].endswith(text + "\\n")) for r in requests]
manager = TaskManager(include_path=str(Path(sys.argv[2]) / "lm_eval"), include_defaults=False)
def run(model, **settings):
    done = lm_eval.simple_evaluate(model=model, tasks=["volgens"], task_manager=manager, **settings)
    found = {name.split(",")[0]: value for name, value in done["results"]["volgens"].items()}
    return {name: found[name] for name in ("entities", "figures", "attributions", "claims", "read")}
print(json.dumps([run(Told()), run("dummy", limit=2)]))
"""


def test_lm_evaluation_harness(tmp_path):
    """With a model of its own kind that gives the gold in words, and with its dummy, whose replies are no answers."""
    told, dummy = run_in(environment("lm-eval", LM_EVAL), LM_EVAL_SCRIPT, tmp_path)
    assert told == pytest.approx(expected())
    assert dummy.pop("read") == 0
    assert all(value != value for value in dummy.values())


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
def test_compute_metrics(monkeypatch, split_words):
    """Gold as logits is found whole, pieces of words joined whatever they are taken for; a document left out costs recall."""
    monkeypatch.syspath_prepend(HARNESSES)
    from training import make_compute_metrics

    loop = Loop(split_words)
    compute = make_compute_metrics(own(), loop.features, dict(enumerate(loop.labels)), ("entities", "entities.span"))
    perfect = compute(loop.logits())
    assert perfect == {f"{m}_{p}": 1.0 for m in ("entities", "entities.span") for p in ("precision", "recall", "f1")}
    worse = compute(loop.logits(wrong={0}))
    assert worse["entities_precision"] == 1 > worse["entities_recall"] > 0.5
    silent = compute(loop.logits(wrong=set(range(len(loop.truth)))))
    assert (silent["entities_f1"], silent["entities_recall"], "entities_precision" in silent) == (0, 0, False)
