"""`Endpoint` against a local server that misbehaves as real ones do; the first word of a text says how."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from volgens.model.documents import Attribution, Document, Entity, Figure, Span
from volgens.model.problem import ProblemsFound
from volgens.readers.answer_form import answer_schema, example
from volgens.readers.locate import locate
from volgens.readers.replies import parse, places
from volgens.run.endpoint import Endpoint
from volgens.run.reply import Taking
from volgens.run.run import run

KEY = "sk-geheim-123"
CLAIM = {
    "id": "a1", "cue": ["zegt"], "source": ["Ida Holm"], "content": ["dat er 300 boten zijn"], "antecedent": [],
    "kind": "assertion", "source_kind": "person", "source_ref": "ida-holm", "stance": "affirm", "hedged": False, "parent": None,
}  # fmt: skip
FIGURE = {
    "id": "f1", "text": "300", "context": "er 300 boten", "kind": "count", "bound": "point", "value": 300, "min": None,
    "max": None, "approx": False, "unit": "1", "counted": "boten", "head": "boten", "part_of": None,
}  # fmt: skip
PERSON = {"text": "Ida Holm", "context": "Ida Holm zegt", "type": "PER", "role": None, "ref": "ida-holm"}
GOOD = {"entities": [PERSON], "figures": [FIGURE], "attributions": [CLAIM]}
STRANGER = {**PERSON, "text": "Jan van Verzonnen", "context": "Jan van Verzonnen zweeg"}


class Stub(BaseHTTPRequestHandler):
    """Answers by the first word of the last text that a user sent; counts its requests by that word."""

    def log_message(self, *args):
        pass

    def do_GET(self):
        told = self.server.tells.get(self.path)
        return self.refuse(404, "no such thing") if told is None else self.raw(json.dumps(told).encode(), "application/json")

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/v1/chat/completions":
            return self.tell(request)
        texts = [m["content"] for m in request["messages"] if m["role"] == "user"]
        word = next(t for t in reversed(texts) if not t.startswith("Dat antwoord")).split()[0]
        with self.server.lock:
            self.server.requests[word].append(request)
            times = len(self.server.requests[word])
        self.server.paths.add(self.path)
        self.server.keys.add(self.headers["authorization"])
        return self.behave(word, times, request)

    def tell(self, request):
        if self.path not in self.server.tells:
            return self.refuse(404, "no such thing")
        return self.raw(json.dumps(self.server.tells[self.path](request)).encode(), "application/json")

    def behave(self, word, times, request):
        good = json.dumps(GOOD, ensure_ascii=False)
        first = times == 1
        form = request.get("response_format", {}).get("type", "none")
        if self.server.takes and form not in self.server.takes:
            return self.refuse(self.server.refuses_by, f"response_format.type {form} is not supported")
        match word:
            case "busy" if first:
                return self.refuse(429, "slow down", {"retry-after": "0.3"})
            case "down" if times < 3:
                return self.refuse(500, "oops")
            case "dead":
                return self.refuse(503, f"overloaded, your key {KEY} is fine")
            case "slow" if first:
                time.sleep(1.2)
                return self.reply(good)
            case "hangs":
                time.sleep(1.2)
                return self.reply(good)
            case "sleeps":
                self.server.asleep.wait(30)
                return self.reply(good)
            case "closes" if first:
                return self.connection.close()
            case "html" if first:
                return self.raw(b"<html>gateway</html>", "text/html")
            case "denied":
                return self.refuse(401, f"Incorrect API key provided: {KEY}")
            case "broken":
                return self.reply('{"entities": [{"text": "Ida')
            case "mended" if first:
                return self.reply("Ik kan dat niet.")
            case "cut":
                return self.reply(good[:80], finish="length")
            case "full":
                return self.refuse(400, "This model's maximum context length is 2048 tokens")
            case "odd":
                return self.refuse(400, "temperature must be positive")
            case "dies":
                threading.Thread(target=self.server.end).start()
                time.sleep(0.2)
                return self.connection.close()
            case "schema":
                return self.reply(json.dumps({**GOOD, "entities": [{**PERSON, "type": "PERSON"}]}))
            case "layer":
                return self.reply(json.dumps({"entities": []}))
            case "link":
                return self.reply(json.dumps({**GOOD, "attributions": [{**CLAIM, "parent": "a9"}]}))
            case "prose":
                return self.reply(f"Natuurlijk! Hier is het {{antwoord}}:\n```json\n{good}\n```\nVeel succes.")
            case "invents":
                return self.reply(json.dumps({**GOOD, "entities": [STRANGER, PERSON]}))
            case "empty":
                return self.reply("")
            case "object" if first:
                return self.reply(json.dumps({**GOOD, "entities": {"a": 1}}))
        return self.reply(good)

    def refuse(self, status, message, headers=None):
        self.raw(json.dumps({"error": {"message": message}}).encode(), "application/json", status, headers)

    def reply(self, content, finish="stop"):
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}
        usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
        body = {"id": "c", "object": "chat.completion", "created": 1, "model": "stub", "choices": [choice], "usage": usage}
        self.raw(json.dumps(body).encode(), "application/json")

    def raw(self, body, kind, status=200, headers=None):
        try:
            self.send_response(status)
            for name, value in {"content-type": kind, "content-length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return


@pytest.fixture
def stub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    server.requests, server.paths, server.keys, server.takes, server.lock = defaultdict(list), set(), set(), (), threading.Lock()
    server.tells, server.refuses_by, server.asleep = {}, 400, threading.Event()
    server.end = lambda: (server.shutdown(), server.server_close())
    server.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.asleep.set()
    server.shutdown()
    server.server_close()


SENTENCE = "Ida Holm zegt dat er 300 boten zijn."


def documents(*words):
    return [{"id": word, "text": f"{word} {SENTENCE}"} for word in words]


def go(stub, out, *words, retries=0, timeout=0.5, **options):
    endpoint = Endpoint(stub.url, "stub", pause=0.01, **options)
    return run(endpoint, documents(*words), out / "p.jsonl", retries=retries, timeout=timeout, jobs=4, progress=False)


def rows(result):
    return {row["id"]: row for row in map(json.loads, result.out.read_text(encoding="utf-8").splitlines())}


def test_an_answer_becomes_a_prediction_with_offsets(stub, tmp_path):
    result = go(stub, tmp_path, "fine")
    row, text = rows(result)["fine"], f"fine {SENTENCE}"
    cut = lambda place: text[place["start"] : place["end"]]  # noqa: E731
    assert cut(row["entities"][0]) == "Ida Holm" and row["entities"][0]["ref"] == "ida-holm"
    assert [cut(row["figures"][0]), cut(row["figures"][0]["counted"])] == ["300", "boten"]
    assert [cut(row["attributions"][0][part][0]) for part in ("source", "cue", "content")] == [
        "Ida Holm", "zegt", "dat er 300 boten zijn",
    ]  # fmt: skip
    assert result.usage == {"requests": 1, "prompt_tokens": 100, "completion_tokens": 10, "format_json_schema": 1}
    assert result.alignments == {"exact": 7}
    assert stub.paths == {"/v1/chat/completions"}


def test_what_is_asked(stub, tmp_path, monkeypatch):
    monkeypatch.setenv("STUB_KEY", KEY)
    go(stub, tmp_path, "fine", key_variable="STUB_KEY", max_tokens=500)
    (request,) = stub.requests["fine"]
    assert request["model"] == "stub" and request["temperature"] == 0 and request["max_tokens"] == 500
    assert request["response_format"]["json_schema"] == {"name": "answer", "strict": True, "schema": answer_schema()}
    assert [m["role"] for m in request["messages"]] == ["system", "user"] and "attributions" in request["messages"][0]["content"]
    assert stub.keys == {f"Bearer {KEY}"}


def test_settings_are_told_and_the_key_is_not(stub, tmp_path, monkeypatch):
    monkeypatch.setenv("STUB_KEY", KEY)
    go(stub, tmp_path, "fine", "dead", key_variable="STUB_KEY")
    told = json.loads((tmp_path / "p.jsonl.run.json").read_text(encoding="utf-8"))["settings"]
    assert told["endpoint"] == stub.url and told["model"] == "stub" and len(told["prompt"]) == 64
    for path in tmp_path.iterdir():
        assert KEY not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["busy", "slow", "closes", "html", "mended", "object"])
def test_one_more_try_helps(stub, tmp_path, word):
    assert set(go(stub, tmp_path, word).failures) == {word}
    assert go(stub, tmp_path / "again", word, retries=1).failures == {}
    del stub.requests[word]
    assert go(stub, tmp_path / "anew", word, retries=1).failures == {}


def test_two_more_tries_help_against_two_failures(stub, tmp_path):
    result = go(stub, tmp_path, "down", retries=2)
    assert result.failures == {} and result.usage["requests"] == 3


def test_the_pause_is_the_server_s(stub, tmp_path):
    begun = time.monotonic()
    go(stub, tmp_path, "busy", retries=1)
    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("dead", "503: overloaded"),
        ("hangs", "did not answer in time"),
        ("broken", "cut off"),
        ("schema", 'entities[0].type: "PERSON"'),
        ("layer", "figures, attributions missing"),
        ("link", "attributions[0].parent: there is no item 'a9'"),
        ("empty", "answered nothing"),
    ],
)
def test_a_failure_that_lasts_is_recorded(stub, tmp_path, word, error):
    result = go(stub, tmp_path, word, "fine", retries=1)
    assert error in result.failures[word] and set(rows(result)) == {"fine"}
    assert len(stub.requests[word]) == 2


def test_a_wrong_answer_is_told_what_is_wrong(stub, tmp_path):
    go(stub, tmp_path, "mended", retries=1)
    *_, reply, correction = stub.requests["mended"][1]["messages"]
    assert reply == {"role": "assistant", "content": "Ik kan dat niet."}
    assert "no JSON objects" in correction["content"]


def test_prose_around_the_answer_is_left_aside(stub, tmp_path):
    assert set(rows(go(stub, tmp_path, "prose"))) == {"prose"}


def test_what_is_invented_stays_as_unlocated(stub, tmp_path):
    result = go(stub, tmp_path, "invents")
    assert rows(result)["invents"]["entities"][0] == {"text": "Jan van Verzonnen", "type": "PER", "role": None, "ref": "ida-holm"}
    assert result.alignments == {"exact": 7, "unlocated": 1}
    (row,) = map(json.loads, Path(f"{result.out}.alignment.jsonl").read_text(encoding="utf-8").splitlines())
    assert row["spans"][0] == {"path": "entities[0]", "text": "Jan van Verzonnen", "alignment": "unlocated"}


@pytest.mark.parametrize(
    ("word", "options", "hint"),
    [
        ("cut", {}, "cut off after 10 tokens; give it more by --max-tokens, or, if its context is full at 110"),
        ("cut", {"max_tokens": 10}, "give it more than --max-tokens 10"),
        ("cut", {"max_tokens": 500}, "the context is full at 110 tokens: serve the model with a larger context"),
        ("full", {}, "the context of the model is too small: This model's maximum"),
        ("odd", {}, "400: temperature must be positive"),
    ],
)
def test_what_would_fail_again_is_asked_once_and_the_hint_fits(stub, tmp_path, word, options, hint):
    result = go(stub, tmp_path, word, "fine", retries=3, **options)
    assert hint in result.failures[word] and len(stub.requests[word]) == 1 and set(rows(result)) == {"fine"}


LIMITS = {
    "vllm": {
        "/v1/models": {"data": [{"id": "stub", "max_model_len": 400}]},
        "/tokenize": lambda r: {"count": r["prompt"].count(" ")},
    },
    "llama.cpp": {
        "/v1/models": {"data": [{"id": "any.gguf", "meta": {"n_ctx_train": 9}}]},
        "/props": {"default_generation_settings": {"n_ctx": 400}},
        "/tokenize": lambda r: {"tokens": r["content"].split(" ")},
    },
    "no tokenizer": {"/v1/models": {"data": [{"id": "other", "context_length": 9}, {"id": "stub", "context_length": 100}]}},
}


@pytest.mark.parametrize("server", LIMITS)
def test_a_text_that_does_not_fit_the_context_is_not_sent(stub, tmp_path, server):
    stub.tells = LIMITS[server]
    endpoint = Endpoint(stub.url, "stub", prompt="Geef JSON.", pause=0.01)
    texts = [*documents("fine"), {"id": "long", "text": "long " + SENTENCE * 80}]
    result = run(endpoint, texts, tmp_path / "p.jsonl", retries=2, progress=False)
    assert set(rows(result)) == {"fine"} and "long" not in stub.requests
    assert "not sent: the text with its prompt takes" in result.failures["long"]
    assert f"the context has {100 if server == 'no tokenizer' else 400}" in result.failures["long"]


@pytest.mark.parametrize(("told", "context", "limit"), [({}, 100, 100), (LIMITS["vllm"], 300, 300), (LIMITS["vllm"], 500, 400)])
def test_a_context_may_be_said_where_the_server_does_not_tell_it(stub, tmp_path, told, context, limit):
    stub.tells = told
    endpoint = Endpoint(stub.url, "stub", prompt="Geef JSON.", pause=0.01, context=context)
    texts = [*documents("fine"), {"id": "long", "text": "long " + SENTENCE * 80}]
    result = run(endpoint, texts, tmp_path / "p.jsonl", progress=False)
    assert set(rows(result)) == {"fine"} and "long" not in stub.requests
    assert f"the context has {limit}" in result.failures["long"]
    assert endpoint.settings["context"] == context and "context" not in Endpoint(stub.url, "stub").settings


def test_numbers_of_tokens_are_checked():
    with pytest.raises(ProblemsFound) as found:
        Endpoint("http://127.0.0.1:1/v1", "m", max_tokens=0, context=-1)
    assert [p.where.field for p in found.value.problems] == ["max_tokens", "context"]


def test_a_prompt_that_does_not_fit_the_context_is_told_before_anything_is_sent(stub, tmp_path):
    stub.tells = LIMITS["vllm"]
    with pytest.raises(ProblemsFound, match="the model's context has 400"):
        go(stub, tmp_path, "fine")
    assert not stub.requests


@pytest.mark.parametrize(("takes", "form"), [(("json_object", "none"), "json_object"), (("none",), "none")])
def test_a_server_that_crashes_on_structured_output_is_asked_for_less(stub, tmp_path, takes, form):
    stub.takes, stub.refuses_by = takes, 500
    result = go(stub, tmp_path, "fine", "prose", "other", "more", "last")
    assert result.failures == {} and result.usage[f"format_{form}"] == 5
    assert stub.requests["last"][-1].get("response_format", {}).get("type", "none") == form


def test_a_crash_of_one_document_is_not_taken_for_a_refusal_of_structured_output(stub, tmp_path):
    result = run(
        Endpoint(stub.url, "stub", pause=0.01),
        documents("fine", "down", "other"),
        tmp_path / "p.jsonl",
        retries=3,
        progress=False,
    )
    assert result.failures == {} and result.usage["format_json_schema"] == 3


@pytest.mark.parametrize(("takes", "form"), [(("json_object",), "json_object"), (("none",), "none")])
def test_a_server_without_structured_output_is_asked_for_less(stub, tmp_path, takes, form):
    stub.takes = takes
    result = go(stub, tmp_path, "fine", "prose", "other")
    assert result.failures == {} and result.usage[f"format_{form}"] == 3


def test_a_refused_key_ends_the_run_and_keeps_what_is_done(stub, tmp_path, monkeypatch):
    monkeypatch.setenv("STUB_KEY", KEY)
    texts = documents("fine", "denied")
    endpoint = Endpoint(stub.url, "stub", key_variable="STUB_KEY")
    with pytest.raises(ProblemsFound) as found:
        run(endpoint, texts, tmp_path / "p.jsonl", progress=False)
    (problem,) = found.value.problems
    assert problem.id == "endpoint-refuses" and "401" in problem.message and "--key-variable" in problem.hint
    assert KEY not in str(problem)
    assert '"fine"' in (tmp_path / "p.jsonl.partial").read_text(encoding="utf-8")


def test_no_server_is_told_at_once(tmp_path):
    begun = time.monotonic()
    with pytest.raises(ProblemsFound, match=r"no connection to http://127.0.0.1:9/v1: .*refused") as found:
        run(Endpoint("http://127.0.0.1:9/v1", "m"), documents(*"abc"), tmp_path / "p.jsonl", retries=3, progress=False)
    assert time.monotonic() - begun < 5 and [p.id for p in found.value.problems] == ["no-server"]


def test_a_server_that_dies_ends_the_run_and_keeps_what_is_done(stub, tmp_path):
    endpoint = Endpoint(stub.url, "stub", pause=0.05)
    with pytest.raises(ProblemsFound, match="what was answered is kept"):
        run(endpoint, documents("fine", "dies", "other"), tmp_path / "p.jsonl", retries=2, progress=False)
    assert '"fine"' in (tmp_path / "p.jsonl.partial").read_text(encoding="utf-8")


def test_after_a_resume_the_usage_counts_all_attempts(stub, tmp_path):
    first = go(stub, tmp_path, "fine", "mended")
    assert set(first.failures) == {"mended"} and first.usage["requests"] == 2
    second = go(stub, tmp_path, "fine", "mended")
    assert second.failures == {} and second.usage["requests"] == 3 and second.usage["prompt_tokens"] == 300
    told = json.loads((tmp_path / "p.jsonl.run.json").read_text(encoding="utf-8"))
    assert told["usage"]["requests"] == 3 and told["cost"]["per_1000_documents"]["prompt_tokens"] == 150_000
    assert told["cost"]["seconds"] > 0 and "prompt tokens 150,000" in str(second)


def test_replies_are_kept_word_for_word_also_those_before_a_resume(stub, tmp_path):
    endpoint = Endpoint(stub.url, "stub", pause=0.01)
    for _ in range(2):
        run(endpoint, documents("fine", "mended"), tmp_path / "p.jsonl", keep_replies=True, progress=False)
    kept = [json.loads(line) for line in (tmp_path / "p.jsonl.replies.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in kept] == ["fine", "mended", "mended"]
    assert kept[1] == {"id": "mended", "reply": "Ik kan dat niet.", "finish": "stop"}
    assert json.loads(kept[2]["reply"]) == GOOD
    go(stub, tmp_path / "not", "fine")
    assert not (tmp_path / "not" / "p.jsonl.replies.jsonl").exists()


def test_unusable_replies_may_count_as_empty_and_are_listed(stub, tmp_path):
    words = ("fine", "broken", "cut", "schema", "dead", "full")
    endpoint = Endpoint(stub.url, "stub", pause=0.01)
    result = run(endpoint, documents(*words), tmp_path / "p.jsonl", retries=1, unusable="empty", progress=False)
    assert set(result.unusable) == {"broken", "cut", "schema"} and set(result.failures) == {"dead", "full"}
    assert rows(result)["cut"] == {"id": "cut", "entities": [], "figures": [], "attributions": []}
    listed = (tmp_path / "p.jsonl.unusable.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["id"] for line in listed} == {"broken", "cut", "schema"}
    assert "3 unusable and counted as empty" in str(result)
    asked = len(stub.requests["broken"])
    again = run(endpoint, documents(*words), tmp_path / "p.jsonl", retries=1, unusable="empty", progress=False)
    assert len(stub.requests["broken"]) == asked and again.resumed == 4


def test_only_the_layers_that_are_wanted_are_asked_for(stub, tmp_path):
    taking = Taking(layers=("entities",))
    endpoint = Endpoint(stub.url, "stub", taking=taking)
    result = run(endpoint, documents("layer"), tmp_path / "p.jsonl", layers=taking.layers, progress=False)
    assert rows(result) == {"layer": {"id": "layer", "entities": []}}
    (request,) = stub.requests["layer"]
    assert list(request["response_format"]["json_schema"]["schema"]["properties"]) == ["entities"]
    prompt = request["messages"][0]["content"]
    assert "`figures`: hoeveelheden" not in prompt and "Geef deze keer alleen `entities`" in prompt


@pytest.mark.parametrize("options", [{"map": {"PERSON": "PER"}}, {"labels": "any"}])
def test_labels_of_another_scheme(stub, tmp_path, options):
    endpoint = Endpoint(stub.url, "stub", taking=Taking(**options))
    result = run(endpoint, documents("schema"), tmp_path / "p.jsonl", progress=False, **options)
    assert rows(result)["schema"]["entities"][0]["type"] == ("PER" if "map" in options else "PERSON")


def test_ctrl_c_ends_at_once_and_says_what_to_type(stub, tmp_path):
    texts = [{"id": word, "text": f"{word} {SENTENCE}"} for word in ("fine", "sleeps")]
    gold = tmp_path / "gold.jsonl"
    layers = {"entities": [], "figures": [], "attributions": []}
    gold.write_text("".join(json.dumps({**row, "length": len(row["text"]), **layers}) + "\n" for row in texts), encoding="utf-8")
    words = ["run", "--endpoint", stub.url, "--model", "m", "--gold", gold, "--out", tmp_path / "p.jsonl"]
    process = subprocess.Popen([sys.executable, "-m", "volgens", *map(str, words)], stderr=subprocess.PIPE, text=True)
    while not stub.requests["sleeps"]:
        time.sleep(0.02)
    time.sleep(0.2)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1]
    assert time.monotonic() - begun < 3 and process.returncode == 130
    assert "1 of 2 documents are answered and kept in" in said and "Type the same command again" in said
    assert "Traceback" not in said


def test_no_address(tmp_path):
    with pytest.raises(ProblemsFound, match="no endpoint"):
        Endpoint("localhost", "m")


TEXT = "Holm zwijgt. Premier Ida Holm zegt dat er 300 boten zijn."
GOLD = Document(
    "own-x", "own-x", "article", "own", "train", TEXT, len(TEXT), "",
    entities=(Entity("e1", 0, 4, "PER", None, "ida-holm"), Entity("e2", 21, 29, "PER", None, "ida-holm")),
    figures=(Figure("f1", 42, 45, "count", "point", value=300, counted=Span(46, 51), head=Span(46, 51)),),
    attributions=(Attribution("a1", (Span(30, 34),), (Span(13, 29),), (Span(35, 56),), (), "assertion", "person", "ida-holm"),),
)  # fmt: skip


def test_an_example_is_an_answer_and_comes_back_as_the_gold():
    answer = example(GOLD)
    Draft202012Validator(answer_schema()).validate(answer)
    back = locate(TEXT, places(answer)).prediction
    gold = GOLD.to_dict()
    assert (
        back["figures"] == [{"change": None} | figure for figure in gold["figures"]]
        and back["attributions"] == gold["attributions"]
    )
    assert back["entities"] == [{k: v for k, v in row.items() if k != "id"} for row in gold["entities"]]


def test_examples_are_shown_as_answered(stub, tmp_path):
    go(stub, tmp_path, "fine", examples=[GOLD])
    roles = [(m["role"], m["content"][:12]) for m in stub.requests["fine"][0]["messages"][1:]]
    assert roles == [("user", TEXT[:12]), ("assistant", '{"entities":'), ("user", "fine Ida Hol")]


def test_the_answer_schema_is_strict():
    def objects(rule):
        if isinstance(rule, dict):
            if rule.get("type") == "object":
                yield rule
            for inner in rule.values():
                yield from objects(inner)

    found = list(objects(answer_schema()))
    assert len(found) == 4
    for rule in found:
        assert rule["additionalProperties"] is False and rule["required"] == list(rule["properties"])


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ('{"entities": []}', {"entities": []}),
        ('Hier: {"a": 1} en {"entities": []} klaar', {"entities": []}),
        ('```json\n{"figures": []}\n```', {"figures": []}),
        ("niets", "no JSON"),
        ('{"entities": []} {"entities": []}', "2 JSON"),
        ('{"entities": [', "cut off"),
        ("[]", "no JSON"),
    ],
)
def test_parse(reply, found):
    if isinstance(found, str):
        with pytest.raises(ValueError, match=found):
            parse(reply)
    else:
        assert parse(reply) == found
