"""Push, pull and their faults, against a real server."""

import copy
import os
import signal
import socketserver
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from test_label_studio_form import FAULTS, document, full
from volgens.curation.label_studio import from_export, strip_export, to_tasks
from volgens.curation.label_studio import server as own
from volgens.curation.label_studio.client import Server, ServerError, annotate, pull, token
from volgens.curation.label_studio.pushing import push, same_config

pytest_plugins = ["label_studio_server"]

CONFIG = (Path(__file__).parents[1] / "annotations" / "labeling.xml").read_text(encoding="utf-8")
DOCUMENTS = [full(), full(id="own-901"), document("Leeg.", id="own-902")]


def golds(export):
    return [r.gold for r in from_export(export).readings if r.status == "submitted"]


def test_gold_comes_back_from_the_server(server, title):
    pushed = push(server, title, to_tasks(DOCUMENTS, as_="annotations"), CONFIG)
    assert (pushed.new, pushed.present) == (3, 0)
    export = pull(server, pushed.project)
    assert from_export(export).problems == []
    assert [g.on(d) for g, d in zip(golds(export), DOCUMENTS, strict=True)] == DOCUMENTS
    assert golds(strip_export(export)) == golds(export)


def test_what_the_server_gives_back_of_crlf_is_what_was_pushed(server, title):
    crlf = full(newline="\r\n")
    pushed = push(server, title, to_tasks([crlf], as_="annotations"), CONFIG)
    assert golds(pull(server, pushed.project))[0].on(crlf) == crlf


def test_pushing_again_adds_only_what_is_missing(server, title):
    push(server, title, to_tasks(DOCUMENTS[:2]), CONFIG)
    again = push(server, title, to_tasks(DOCUMENTS), CONFIG)
    assert (again.new, again.present) == (1, 2)
    assert sorted(t.doc_id for t in server.tasks(again.project)) == [d.id for d in DOCUMENTS]


def test_a_document_whose_text_has_changed_is_not_pushed_beside_the_old_one(server, title):
    push(server, title, to_tasks(DOCUMENTS[:1]), CONFIG)
    with pytest.raises(ServerError, match=r"task \d+ holds another text of own-900"):
        push(server, title, to_tasks([document("Heel anders.")]), CONFIG)


def test_tasks_that_arrived_twice_are_made_one_and_the_annotated_one_stays(server, title):
    tasks = to_tasks(DOCUMENTS[:2])
    project = push(server, title, tasks, CONFIG).project
    server.sdk.projects.import_tasks(id=project, request=tasks)
    later = server.tasks(project)[-1]
    server.sdk.annotations.create(id=later.id, result=[], was_cancelled=False)
    push(server, title, tasks, CONFIG)
    kept = server.tasks(project)
    assert [t.doc_id for t in kept] == ["own-900", "own-901"] and later.id in [t.id for t in kept]


def test_readings_are_kept_apart_by_annotator_and_status(server, title):
    project = push(server, title, to_tasks(DOCUMENTS), CONFIG).project
    mine = [(t["data"]["doc_id"], t["predictions"][0]["result"]) for t in to_tasks(DOCUMENTS)]
    assert annotate(server, project, "reader-a@volgens.invalid", mine) == 3
    assert annotate(server, project, "reader-b@volgens.invalid", mine[:1]) == 1
    assert annotate(server, project, "reader-b@volgens.invalid", mine[:1]) == 0
    second, third = (t.id for t in server.tasks(project)[1:])
    skipper = server.user("reader-c@volgens.invalid")
    server.sdk.annotations.create(id=second, result=mine[1][1], was_cancelled=True, completed_by=skipper)
    server.sdk._client_wrapper.httpx_client.request(f"api/tasks/{third}/drafts", method="POST", json={"result": []})
    found = [(r.gold.id, r.annotator, r.status) for r in from_export(pull(server, project)).readings if r.status != "prediction"]
    assert found == [
        ("own-900", "reader-a", "submitted"),
        ("own-900", "reader-b", "submitted"),
        ("own-901", "reader-a", "submitted"),
        ("own-901", "reader-c", "skipped"),
        ("own-902", "annotator", "draft"),
        ("own-902", "reader-a", "submitted"),
    ]


@pytest.mark.parametrize("rule", ["missing-region", "emptied-value", "two-labels", "outside-text", "text-changed"])
def test_a_fault_that_the_server_takes_is_found_after_the_pull(rule, server, title):
    tasks = to_tasks([full()], as_="annotations")
    FAULTS[rule](tasks)
    project = push(server, title, tasks, CONFIG).project
    problems = from_export(pull(server, project)).problems
    assert [p.id for p in problems if p.id == rule] == [rule]
    assert f"task {server.tasks(project)[0].id}" in problems[0].where.field


def test_a_task_whose_text_was_changed_on_the_server_is_found(server, title):
    project = push(server, title, to_tasks([full()], as_="annotations"), CONFIG).project
    task = server.tasks(project)[0]
    data = copy.deepcopy(to_tasks([full()])[0]["data"])
    server.sdk.tasks.update(id=str(task.id), data=data | {"text": data["text"].replace("Kari", "Mari")})
    assert [p.id for p in from_export(pull(server, project)).problems] == ["text-changed"]


def test_a_configuration_edited_by_hand_is_noticed(server, title):
    project = push(server, title, to_tasks(DOCUMENTS[:1]), CONFIG).project
    server.sdk.projects.update(id=project, label_config=CONFIG.replace('hotkey="1"', 'hotkey="8"', 1))
    with pytest.raises(ServerError, match="another labelling configuration"):
        push(server, title, to_tasks(DOCUMENTS), CONFIG)
    assert not same_config(server.config(project), CONFIG)
    assert same_config(CONFIG.replace("\n", "\n  "), CONFIG)


WRONG = "f" * 40


def fails(call):
    with pytest.raises(ServerError) as caught:
        call()
    assert "\n" not in str(caught.value) and WRONG not in str(caught.value) and "ookie" not in str(caught.value)
    return str(caught.value)


def test_a_wrong_token_is_one_clear_line(label_studio):
    assert "refuses the token" in fails(lambda: Server(label_studio.url, WRONG))


def test_a_wrong_project_is_one_clear_line(server):
    assert "has no project 987654" in fails(lambda: pull(server, 987654))
    assert "has no project 987654" in fails(lambda: server.tasks(987654))


def test_a_server_that_is_down_is_one_clear_line():
    assert "cannot be reached" in fails(lambda: Server(f"http://127.0.0.1:{own.free_port()}", WRONG))
    assert "cannot be reached" in fails(lambda: Server("no address", WRONG))


def page(status):
    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"<!doctype html><html><body>Log in first</body></html>")

        def log_message(self, *_):
            pass

    return Proxy


@pytest.mark.parametrize("status", [200, 403, 502])
def test_a_proxys_page_is_one_clear_line(status):
    with socketserver.TCPServer(("127.0.0.1", 0), page(status)) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        assert "a page instead of data" in fails(lambda: Server(f"http://127.0.0.1:{proxy.server_address[1]}", WRONG))
        proxy.shutdown()


def test_the_token_comes_from_the_environment_or_a_file(tmp_path, monkeypatch):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", WRONG)
    assert token() == WRONG
    (tmp_path / "token").write_text("abc\n")
    assert token(tmp_path / "token") == "abc"
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    for file in (None, tmp_path / "none", tmp_path):
        fails(lambda file=file: token(file))


def many(count):
    one = document("Een korte tekst over 3 boten.", full().entities[:0], id="own-000")
    return to_tasks([replace(one, id=f"own-{n:05d}") for n in range(count)], as_="annotations")


def test_a_client_time_out_whose_tasks_arrive_later(server, title):
    tasks = many(400)
    hasty = Server(server.url, token=server._token, seconds=30)
    push(hasty, title, tasks[:1], CONFIG)
    project = server.project(title)
    original = hasty.sdk.projects.import_tasks
    short = {"request_options": {"max_retries": 0, "timeout_in_seconds": 0.05}}
    hasty.sdk.projects.import_tasks = lambda **given: original(**given | short)
    pushed = push(hasty, title, tasks, CONFIG)
    assert pushed.new == 399 and len(server.tasks(project)) == 400
    assert push(server, title, tasks, CONFIG).new == 0


def test_a_time_out_without_arrival_stops_the_push(server, title, monkeypatch):
    import httpx

    tasks = many(3)
    push(server, title, tasks[:1], CONFIG)

    def never(**_):
        raise httpx.ReadTimeout("")

    monkeypatch.setattr(server.sdk.projects, "import_tasks", never)
    with pytest.raises(ServerError, match="push again to add the rest"):
        push(server, title, tasks, CONFIG, settle=1)
    monkeypatch.undo()
    assert push(server, title, tasks, CONFIG).new == 2


def test_a_server_killed_in_mid_push_then_push_again(tmp_path, start_server):
    login, tasks, seen = own.Login(), many(1200), []
    with start_server(tmp_path / "data", login) as first:

        def kill(count):
            seen.append(count)
            if len(seen) == 1:
                threading.Timer(0.1, os.kill, (first.pid, signal.SIGKILL)).start()

        with pytest.raises(ServerError) as caught:
            push(Server(first.url, login.token), "batch", tasks, CONFIG, progress=kill)
        assert login.token not in str(caught.value) and "push again" in str(caught.value)
    assert sum(seen) < 1200
    with start_server(tmp_path / "data", login) as second:
        there = Server(second.url, login.token)
        before = len(there.tasks(there.project("batch")))
        assert before >= 500
        pushed = push(there, "batch", tasks, CONFIG)
        assert (pushed.new, pushed.present) == (1200 - before, before)
        assert len({t.doc_id for t in there.tasks(pushed.project)}) == len(there.tasks(pushed.project)) == 1200


def test_ten_thousand_tasks(server, title):
    tasks, counts = many(10_000), []
    start = time.monotonic()
    pushed = push(server, title, tasks, CONFIG, progress=counts.append)
    export = from_export(pull(server, pushed.project))
    assert sum(counts) == pushed.new == len(export.readings) == 10_000
    assert export.problems == [] and len({r.gold.id for r in export.readings}) == 10_000
    assert time.monotonic() - start < 300
