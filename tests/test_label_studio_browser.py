"""An annotator at work: a real browser on a real server, with mouse and keyboard."""

from dataclasses import replace
from pathlib import Path

import pytest
from test_adjudication import GOLD, other_reading
from test_label_studio_form import full
from volgens.curation.adjudication import points, resolve
from volgens.curation.deciding import KEPT
from volgens.curation.folder import Folder
from volgens.curation.label_studio import from_export, to_tasks
from volgens.curation.label_studio.adjudicate import START, adjudication_config, decisions, open_tasks
from volgens.curation.label_studio.check import check
from volgens.curation.label_studio.client import pull
from volgens.curation.label_studio.exports import unfinished
from volgens.curation.label_studio.pushing import push
from volgens.curation.pairing import diff
from volgens.model.gold import Gold
from volgens.readers.label_studio.form import FIELDS

pytest_plugins = ["browser", "label_studio_server"]

ROOT = Path(__file__).parents[1]
CONFIG = (ROOT / "annotations" / "labeling.xml").read_text(encoding="utf-8")
SHOWN = ".volgens-fields"


@pytest.fixture(scope="session")
def session(label_studio, browser):
    """A browser in which the annotator has logged in by the form."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{label_studio.url}/user/login")
    page.fill("input[name=email]", label_studio.login.email)
    page.fill("input[name=password]", label_studio.login.password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    yield context
    context.close()


BARE = """element => {
    for (const box of element.getClientRects())
        for (let x = box.x + 3; x < box.right - 2; x += 4) {
            const y = box.y + box.height / 2;
            if (document.elementFromPoint(x, y)?.closest('.htx-highlight') === element) return [x, y];
        }
    return null;
}"""
"""A point of an element at which it is on top."""


class Annotator:
    """What an annotator does on one task."""

    def __init__(self, page, link):
        self.page, self.errors = page, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(link)
        page.wait_for_selector(".htx-highlight", timeout=60_000)
        page.wait_for_selector("button[aria-label=submit], button:has-text('Submit')")

    def region(self, label, words):
        return self.page.locator(f'.htx-highlight[data-label$=":{label}"]', has_text=words).first

    def click(self, label, words=""):
        """Click where nothing lies on top of the region: names lie on sources, figures on contents."""
        for region in self.page.locator(f'.htx-highlight[data-label$=":{label}"]', has_text=words).all():
            region.evaluate("element => element.scrollIntoView({block: 'center'})")
            place = region.evaluate(BARE)
            if place is not None:
                self.page.mouse.click(*place)
                self.page.wait_for_timeout(250)
                return
        raise AssertionError(f"no {label} {words!r} to click on")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(120)

    def visible(self):
        """The names of the fields on show."""
        return {name for name in FIELDS if self.page.locator(f"{SHOWN} {self.control(name)}").first.is_visible()}

    @staticmethod
    def control(name):
        field = FIELDS[name]
        if field.type == "choices":
            return f'input[type=checkbox][name^="{field.values[0]} ·"], input[type=checkbox][name="{field.values[0]}"]'
        places = {"ref": "bv. jens-stoltenberg", "unit": "EUR", "source_ref": "bv. noorwegen"}
        return f'input[placeholder^="{places.get(name, name)}"]'

    def submit(self):
        self.press("Escape")
        self.page.locator("button:has-text('Submit')").click()
        self.page.wait_for_selector("button:has-text('Update')", timeout=15_000)


@pytest.fixture
def work(session, server, title):
    """Push one document and open its task."""
    opened = []

    def start(tasks, config=CONFIG, begin=None):
        project = push(server, title, tasks, config).project
        if begin is not None:
            server.begin_with(project, begin)
        page = session.new_page()
        opened.append(page)
        return project, Annotator(page, server.link(project, server.tasks(project)[0].id))

    yield start
    for page in opened:
        page.close()


def submitted(server, project):
    export = from_export(pull(server, project))
    (reading,) = [r for r in export.readings if r.status == "submitted"]
    assert export.problems == []
    return reading


def test_a_span_a_value_and_a_relation_are_corrected_by_mouse_and_keyboard(work, server):
    project, annotator = work(to_tasks([full()]))
    page = annotator.page

    annotator.click("FIGURE", "150")
    page.locator(f'{SHOWN} [data-testid="htx-textbox-edit-button"]:visible').first.click()
    page.wait_for_function("document.activeElement.matches('input, textarea')")
    annotator.press("Control+A")
    page.keyboard.type("151")
    annotator.press("Enter", "Escape")

    annotator.click("PER", "Kari Moe")
    handle = page.locator(".htx-highlight area.__resize_right").last.bounding_box()
    start = annotator.region("PER", "Kari Moe").bounding_box()["x"]
    page.mouse.move(handle["x"] + 2, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] - 10, handle["y"] + 10, steps=4)
    page.mouse.move(start + 28, handle["y"] + 10, steps=6)
    page.mouse.up()
    annotator.press("Escape")

    annotator.click("FIGURE", "drie")
    annotator.press("Alt+r")
    annotator.click("COUNTED", "koeien")

    annotator.press("Escape", "Control+Enter")
    page.wait_for_selector("button:has-text('Update')")
    changes = diff([GOLD], [submitted(server, project).gold])
    assert [(c.layer, c.before, c.field, c.old, c.new) for c in changes] == [
        ("entities", "e3", "end", 58, 54),
        ("figures", "f1", "value", 150, 151),
        ("figures", "f7", "counted", None, {"start": 217, "end": 223}),
        ("figures", "f7", "head", None, {"start": 217, "end": 223}),
    ]
    assert annotator.errors == []


def test_an_untouched_document_comes_back_as_it_was(work, server):
    project, annotator = work(to_tasks([full()]))
    annotator.submit()
    assert submitted(server, project).gold == GOLD


def test_a_new_name_by_hotkey_and_double_click_with_its_fields(work, server):
    project, annotator = work(to_tasks([full()]))
    annotator.press("Escape", "Shift+G")
    box = annotator.page.locator(".lsf-richtext__container")
    words = box.evaluate(
        """element => {
            const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
                const at = node.textContent.indexOf('kalveren');
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + 8);
                const r = range.getBoundingClientRect();
                return [r.x + r.width / 2, r.y + r.height / 2];
            }
        }"""
    )
    annotator.page.mouse.dblclick(*words)
    annotator.page.wait_for_timeout(300)
    annotator.click("GPE", "kalveren")
    annotator.press("w")
    field = annotator.page.locator(f"{SHOWN} {annotator.control('ref')}")
    field.click()
    annotator.page.keyboard.type("kalveren")
    annotator.press("Enter")
    annotator.submit()
    (change,) = diff([GOLD], [submitted(server, project).gold])
    assert (change.new["type"], change.new["role"], change.new["ref"], change.start) == ("GPE", "place", "kalveren", 240)


def test_a_number_that_no_longer_applies_goes_with_its_bound(work, server):
    project, annotator = work(to_tasks([full()]))
    annotator.click("FIGURE", "150")
    assert {"value"} == annotator.visible() & {"value", "min", "max"} or "value" not in annotator.visible()
    annotator.press("g")
    field = annotator.page.locator(f"{SHOWN} {annotator.control('min')}")
    field.click()
    annotator.page.keyboard.type("140")
    annotator.press("Enter")
    annotator.submit()
    figure = submitted(server, project).gold.figures[0]
    assert (figure.bound, figure.value, figure.min) == ("min", None, 140)


def test_the_longest_document_is_drawn_and_fields_show_only_where_they_apply(work):
    documents, _ = Folder(ROOT).documents("own")
    longest = max(documents, key=lambda d: len(d.entities) + len(d.figures) + 4 * len(d.attributions))
    tasks = to_tasks([longest])
    drawn = [r for r in tasks[0]["predictions"][0]["result"] if r["type"] == "labels"]
    assert len(drawn) >= 40
    _, annotator = work(tasks)
    assert annotator.page.locator(".htx-highlight").count() >= len(drawn)
    assert annotator.visible() == set()
    for label in dict.fromkeys(result["value"]["labels"][0] for result in drawn):
        annotator.click(label)
        wanted = {name for name, field in FIELDS.items() if label in field.labels}
        if label == "FIGURE":
            wanted -= {"value", "min", "max"}
        # A filled text field is shown as its value, without the input that this looks for.
        shown = annotator.visible()
        assert shown <= wanted | {"min", "max", "value"} and {n for n in wanted if FIELDS[n].type == "choices"} <= shown, label
        annotator.press("Escape")
    assert annotator.errors == []


def test_digits_typed_beside_a_number_do_not_change_the_label(work, server):
    """A filled number is shown as text: who types without opening it must not relabel the figure."""
    project, annotator = work(to_tasks([full()]))
    annotator.click("FIGURE", "150")
    annotator.press(*"1234567890")
    annotator.submit()
    assert submitted(server, project).gold == GOLD


def test_a_click_on_a_number_opens_it(work, server):
    """Where it is shown, not only on the pencil beside it; what is typed goes into the field."""
    project, annotator = work(to_tasks([full()]))
    annotator.click("FIGURE", "150")
    shown = annotator.page.locator(f'{SHOWN} [data-testid="htx-textbox-content"]', has_text="150").first
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    annotator.page.mouse.click(box["x"] + 12, box["y"] + box["height"] / 2)
    annotator.page.wait_for_function("document.activeElement.matches('input, textarea')")
    annotator.press("Control+A")
    annotator.page.keyboard.type("160")
    annotator.press("Enter", "Escape")
    annotator.submit()
    assert {f.value for f in submitted(server, project).gold.figures} >= {160.0}


def test_the_fields_are_not_cut_on_a_narrow_screen(work):
    _, annotator = work(to_tasks([full()]))
    annotator.page.set_viewport_size({"width": 820, "height": 900})
    annotator.click("FIGURE", "150")
    boxes = annotator.page.locator(f"{SHOWN} input:visible").all()
    assert boxes
    for box in boxes:
        inside = box.evaluate(
            """e => { const r = e.getBoundingClientRect(), v = e.closest('.volgens-fields').getBoundingClientRect();
                      return r.left >= v.left - 1 && r.right <= v.right + 1 && v.right <= window.innerWidth; }"""
        )
        assert inside


def test_an_adjudicator_sees_the_open_points_first_and_their_decisions_come_back(work, server):
    tasks = open_tasks([full()], {"own-900": {"reader-a": GOLD, "reader-b": other_reading()}})
    project, annotator = work(tasks, adjudication_config(CONFIG), START)
    page = annotator.page
    points_at = page.get_by_text("Open punten").bounding_box()["y"]
    assert points_at < annotator.region("ORG", "Noorse Zeepartij").bounding_box()["y"]
    assert page.get_by_text("reader-b", exact=False).first.is_visible()
    notes = page.locator(NOTES)
    notes.click()
    page.keyboard.type("2: E2 de partij is een ORG")
    annotator.press("Enter")
    page.keyboard.type("E1 zo staat het er")
    annotator.press("Enter", "Tab", "Control+Enter")
    page.wait_for_selector("button:has-text('Update')", timeout=15_000)
    found, finals, problems = decisions(pull(server, project), "2026-11-20")
    assert problems == [] and [d.rule for d in found] == ["E1", "E2", "E1", "E1", "E1"]
    read = points({"reader-a": GOLD, "reader-b": other_reading()})
    assert resolve(GOLD, read, found) == (finals["own-900"], [])


NOTES = 'input[placeholder^="nummer"], textarea[placeholder^="nummer"]'


def against_gold(work):
    tasks = open_tasks([full()], {"own-900": {"gold": GOLD, "rules": other_reading()}}, "gold")
    return work(tasks, adjudication_config(CONFIG, gold=True), START)


def test_what_stays_as_the_gold_is_one_key(work, server):
    project, annotator = against_gold(work)
    annotator.press("Shift+S", "Control+Enter")
    annotator.page.wait_for_selector("button:has-text('Update')", timeout=15_000)
    found, finals, problems = decisions(pull(server, project), "2026-11-20")
    assert problems == [] and len(found) == 5 and {(d.rule, d.reason) for d in found} == {KEPT}
    assert finals["own-900"] == GOLD


def test_a_draft_outlives_a_reload_and_is_told(work, server):
    project, annotator = against_gold(work)
    page = annotator.page
    with page.expect_response(lambda answer: "/drafts" in answer.url and answer.request.method == "POST", timeout=20_000):
        annotator.press("Shift+V")
        page.locator(NOTES).click()
        page.keyboard.type("E2 geen naam")
        annotator.press("Enter")
    page.reload()
    page.wait_for_selector(".htx-highlight", timeout=60_000)
    page.get_by_text("E2 geen naam").first.wait_for()
    assert decisions(pull(server, project), "2026-11-20")[0] == []
    (told,) = unfinished(check(pull(server, project)))
    assert told == "1 drafts, not submitted, by annotator: own-900"
    (draft,) = check(pull(server, project)).unfinished
    assert set(draft.notes) == {"changed", "E2 geen naam"}


def test_what_an_adjudicator_begins_with_holds_what_either_reader_saw(work, server):
    readings = {"reader-a": GOLD, "reader-b": replace(other_reading(), entities=other_reading().entities[:2])}
    tasks = open_tasks([full()], {"own-900": readings})
    project, annotator = work(tasks, adjudication_config(CONFIG), START)
    annotator.submit()
    final = submitted(server, project).gold
    assert {e.span for e in final.entities} == {e.span for gold in readings.values() for e in gold.entities}
    assert isinstance(final, Gold)
