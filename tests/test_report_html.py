"""The page of a scorecard, opened from disk in a real Chromium."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from axe import source, violations
from invented import Writer, corpus
from volgens.comparison import compare
from volgens.readers.corpus import load_gold
from volgens.readers.native import Reading
from volgens.readers.native import predictions as read
from volgens.report.html import html, html_compare, leaderboard
from volgens.report.html.kinds import errors, kinds
from volgens.report.html.rows import number
from volgens.report.html.svg import svg
from volgens.report.html.systems import Told
from volgens.scorecard import score_frames
from volgens.scoring.tables import frame

pytest_plugins = ["browser"]

WIDTHS = {"desk": 1440, "tablet": 820, "phone": 390}
ENTRY = "li.error"


class Scored:
    """Gold and predictions, their scorecard and its page."""

    def __init__(self, gold, predictions, **told) -> None:
        self.rows = {row["id"]: row for row in gold}
        self.gold = load_gold(gold=gold)
        self.predictions = checked(predictions, self.gold)
        self.card = score_frames(self.gold, self.predictions)
        self.html = html(self.card, self.gold, self.predictions, **{"system": "invented", **told})


@pytest.fixture(scope="module")
def small() -> Scored:
    return Scored(*corpus(12, sentences=6))


@pytest.fixture(scope="module")
def many() -> Scored:
    return Scored(*corpus(450, sentences=1))


def checked(predictions, gold, missing="refuse"):
    """The frame that scoring takes."""
    lines = read(predictions, gold, Reading(missing=missing))
    assert lines.problems == []
    return lines.frame


def names(page, selector=ENTRY) -> list[str]:
    return page.eval_on_selector_all(selector, "nodes => nodes.map(node => node.id)")


def drawn(page):
    """Wait until every document of the page is drawn: that takes slices of time, so that the page opens at once."""
    page.wait_for_function("() => [...document.querySelectorAll('section.document')].every(doc => doc.childElementCount)")


def reach(page, target):
    """Scroll to a place, and wait for the frame in which what is far from the window is laid out."""
    drawn(page)
    target.scroll_into_view_if_needed()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def shown(page) -> list[dict]:
    """The errors on the page: document, layer, kinds, place."""
    drawn(page)
    entries = page.eval_on_selector_all(
        ENTRY, "nodes => nodes.map(n => [n.id, n.dataset.layer, n.dataset.kinds, n.checkVisibility()])"
    )
    found = []
    for name, layer, words, visible_ in entries:
        assert visible_, f"{name} is not visible"
        document, place = re.fullmatch(r"d/([^/]+)/([efa][-+]\d+-\d+)(?:-\d+)?", name).groups()
        found.append({"document": document, "layer": layer, "kinds": words.split("|"), "place": place})
    return found


def expected(card) -> list[dict]:
    """The same from the ledger."""
    found = []
    for row in card.ledger.iter_rows(named=True):
        words = [kind.word for kind in kinds(row["outcome"], row["differs"])]
        if words and (row["side"] == "gold" or row["partner"] is None):
            place = f"{row['layer'][0]}{'-' if row['side'] == 'gold' else '+'}{row['start']}-{row['end']}"
            found.append({"document": row["document"], "layer": row["layer"], "kinds": words, "place": place})
    return found


def counted(found) -> Counter:
    return Counter((f["document"], f["layer"], tuple(f["kinds"]), f["place"]) for f in found)


def tick(page, name, value):
    """Tick or untick a box of the filters."""
    if name == "kind" and page.locator("details.kinds").get_attribute("open") is None:
        page.click("details.kinds > summary")
    page.click(f"input[name={name}][value='{value}']")


def status(page) -> list[int]:
    return [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", page.inner_text(".status"))]


# what is on the page


def test_every_error_of_the_ledger_is_on_the_page_exactly_once(small, opened):
    watched = opened(small.html)
    wanted = counted(expected(small.card))
    assert sum(wanted.values()) > 80
    assert counted(shown(watched.page)) == wanted
    assert len(set(names(watched.page))) == sum(wanted.values())
    assert watched.complaints == []


def test_an_error_of_the_ledger_has_a_kind_and_what_is_right_has_none(small):
    everything = small.card.ledger.filter((small.card.ledger["side"] == "gold") | small.card.ledger["partner"].is_null())
    wrong = [row for row in everything.iter_rows(named=True) if kinds(row["outcome"], row["differs"])]
    assert errors(small.card.ledger).to_dicts() == wrong
    assert {row["outcome"] for row in everything.to_dicts() if row not in wrong} == {"correct"}


@pytest.mark.parametrize(
    ("outcome", "differs", "words"),
    [
        ("correct", [], []),
        ("missed", [], ["missed"]),
        ("duplicate", [], ["duplicate"]),
        ("boundary", ["entities", "span"], ["boundary"]),
        ("boundary and type", ["entities", "span", "type"], ["boundary", "wrong type"]),
        ("fields", ["figures", "value", "claims"], ["wrong value"]),
        ("correct", ["claims"], ["wrong claimant"]),
        ("fields", ["counted.exact"], ["boundary"]),
        ("fields", ["counted", "counted.exact"], ["wrong counted"]),
        ("boundary", ["attributions", "source", "source.exact", "content.exact"], ["boundary", "wrong source"]),
        ("kind", ["kind"], ["wrong kind"]),
        ("fields", ["tone"], ["wrong tone"]),
    ],
)
def test_kinds_of_error(outcome, differs, words):
    assert [kind.word for kind in kinds(outcome, differs)] == words


def test_the_numbers_are_those_of_the_json(small, opened):
    page = opened(small.html).page
    told = json.loads(small.card.to_json())
    page.click("details.all > summary")
    cells = page.eval_on_selector_all(
        "details.all tbody tr",
        "rows => rows.map(row => [...row.children].filter(c => !c.matches('.bar')).map(c => c.innerText.trim()))",
    )
    rows = told["measures"] | told["rows"]
    assert len(cells) == len(rows)
    said = Counter(tuple(line[1:]) for line in cells)
    for row in rows.values():
        between = row["interval"]["f1"]
        scores = [number(row[name]) for name in ("precision", "recall", "given")]
        reach = f"{between[0]:.3f}–{between[1]:.3f}" if between else "–"
        said[(f"{number(row['f1'])} {reach}", *scores, f"{row['tp']:g}", str(row["predicted"]), str(row["gold"]))] -= 1
    assert set(said.values()) == {0}


def test_the_signature_and_what_was_not_attempted_are_told(opened):
    gold, predictions = corpus(6)
    only = [{"id": row["id"], "entities": row["entities"]} for row in predictions]
    scored = Scored(gold, only)
    text = opened(scored.html).page.inner_text("main")
    assert "Not attempted, and left out: all of figures, all of attributions, all of claims" in text
    page = opened(scored.html).page
    page.click("text=Signature: all that changes")
    for value in scored.card.signature.values():
        assert str(value) in page.inner_text(".signature")
    assert {entry["layer"] for entry in shown(page)} == {"entities"}


def test_missing_documents_are_said_loudly(opened):
    gold, predictions = corpus(6)
    loaded = load_gold(gold=gold)
    part = checked(predictions[1:], loaded, "empty")
    page = opened(html(score_frames(loaded, part), loaded, part, system="s")).page
    assert "Missing, counted as an empty prediction: 1 of 6" in page.inner_text(".alarm")
    assert page.locator(".document", has_text="missing: counted as an empty prediction").count() == 1


def test_quotes_are_the_text_between_the_offsets_also_behind_an_emoji(small, opened):
    page = opened(small.html).page
    entries = page.eval_on_selector_all(
        f"{ENTRY}:not([data-layer=attributions])", "nodes => nodes.map(n => [n.id, n.querySelector('.what q').textContent])"
    )
    behind = 0
    for name, words in entries:
        document, start, end = re.fullmatch(r"d/([^/]+)/[ef][-+](\d+)-(\d+)(?:-\d+)?", name).groups()
        text = small.rows[document]["text"]
        assert words == text[int(start) : int(end)]
        behind += "🚢" in text[: int(start)]
    assert behind


def test_the_text_is_whole(small, opened):
    page = opened(small.html).page
    texts = page.eval_on_selector_all(".document", "nodes => nodes.map(n => [n.id, n.querySelector('.text').textContent])")
    assert len(texts) == 12
    for name, text in texts:
        assert re.sub(r"\s", "", text) == re.sub(r"\s", "", small.rows[name.removeprefix("d/")]["text"])


def test_nested_and_crossing_spans_lie_on_lanes_of_their_own(opened):
    text = "ab cd ef gh ij kl mn op"
    nested = [{"start": n, "end": len(text) - n, "type": "ORG"} for n in range(8)]
    crossing = [{"start": 3 * n, "end": 3 * n + 8, "type": "PER"} for n in range(5)]
    gold = [{"id": "deep", "text": text, "length": len(text), "entities": nested, "figures": [], "attributions": []}]
    predictions = [{"id": "deep", "entities": crossing, "figures": [], "attributions": []}]
    loaded, guesses = load_gold(gold=gold), checked(predictions, load_gold(gold=gold))
    page = opened(html(score_frames(loaded, guesses, view="nested"), loaded, guesses, system="s")).page
    styles = page.eval_on_selector_all(".run", "nodes => nodes.map(n => n.style.background)")
    lines = [re.findall(r"bottom (\d+)px", style) for style in styles]
    assert max(map(len, lines)) == 8
    assert all(len(set(line)) == len(line) for line in lines)
    tops = [set(re.findall(r"left 0 top (\d+)px / 100%", style)) for style in styles]
    assert max(map(len, tops)) >= 3
    height, size = page.eval_on_selector(
        ".text p", "p => [parseFloat(getComputedStyle(p).lineHeight), parseFloat(getComputedStyle(p).fontSize)]"
    )
    assert height > size + 8 * 4


# filters


def test_each_kind_of_error_is_filtered_and_counted(small, opened):
    page = opened(small.html).page
    wanted = Counter(word for entry in expected(small.card) for word in entry["kinds"])
    assert set(page.eval_on_selector_all("input[name=kind]", "boxes => boxes.map(box => box.value)")) == set(wanted)
    for kind, times in wanted.items():
        tick(page, "kind", kind)
        assert page.inner_text(f"label:has(input[name=kind][value='{kind}']) .times") == str(times)
        found = shown(page)
        assert len(found) == times == status(page)[2]
        assert all(kind in entry["kinds"] for entry in found)
        assert page.locator(".document").count() == len({entry["document"] for entry in found}) == status(page)[0]
        tick(page, "kind", kind)


def test_layers_are_filtered(small, opened):
    page = opened(small.html).page
    tick(page, "layer", 0)
    assert counted(shown(page)) == counted(e for e in expected(small.card) if e["layer"] != "entities")
    assert "var(--entities)" not in "".join(page.eval_on_selector_all(".run", "nodes => nodes.map(n => n.style.background)"))
    tick(page, "layer", 1)
    assert {entry["layer"] for entry in shown(page)} == {"attributions"}
    page.click("text=Clear filters")
    page.wait_for_selector("li.error[data-layer=entities]")
    assert counted(shown(page)) == counted(expected(small.card))


def test_types_are_filtered(small, opened):
    page = opened(small.html).page
    page.select_option("#type", "0:LOC")
    found = page.eval_on_selector_all(ENTRY, "nodes => nodes.map(n => [n.dataset.layer, n.textContent])")
    assert found and all(layer == "entities" and "LOC" in text for layer, text in found)
    option = page.inner_text("#type option[value='0:LOC']")
    assert option == f"LOC ({len(found)})"


def test_words_are_searched_for_in_text_and_id(small, opened):
    page = opened(small.html).page
    for words in ("O'hara", "inv-002-t", "ÆRØ"):
        page.fill("#search", words)
        wanted = {name for name, row in small.rows.items() if words.lower() in f"{name}\n{row['text']}".lower()}
        page.wait_for_timeout(200)
        assert {name.removeprefix("d/") for name in names(page, ".document")} == wanted
        assert wanted


def test_documents_come_in_the_order_asked_for(small, opened):
    page = opened(small.html).page
    wrong = Counter(entry["document"] for entry in expected(small.card))
    assert names(page, ".document") == [f"d/{name}" for name in sorted(small.rows, key=lambda name: (-wrong[name], name))]
    counts = small.card.ledger.filter((small.card.ledger["side"] == "gold") | small.card.ledger["partner"].is_null())
    counts = dict(counts.group_by("document").len().iter_rows())
    page.select_option("#order", "share")
    assert names(page, ".document") == [
        f"d/{name}" for name in sorted(small.rows, key=lambda name: (-wrong[name] / counts[name], name))
    ]
    page.select_option("#order", "id")
    assert names(page, ".document") == [f"d/{name}" for name in sorted(small.rows)]


# links, keys, pointer


def focused(page) -> str:
    return page.evaluate("document.activeElement.closest('li.error, section.document')?.id ?? ''")


def arrives(page, name) -> None:
    """The reader is led to a document or an error: it has the focus, and is marked, within two seconds."""
    for _ in range(40):
        if focused(page) == name:
            break
        page.wait_for_timeout(50)
    assert focused(page) == name
    assert page.eval_on_selector_all(".current", "all => all.map(n => n.id)") == [name]


def visible(page, name) -> bool:
    box = page.locator(f"[id='{name}']").bounding_box()
    return box is not None and box["y"] < page.viewport_size["height"] and box["y"] + box["height"] > 0


def test_links_to_documents_and_errors_land(many, opened):
    start = opened(many.html).page
    first = names(start)
    page_two = sorted(many.rows)[-1]
    for name in [first[0], first[len(first) // 2], first[-1], f"d/{page_two}"]:
        page = opened(many.html, name).page
        arrives(page, name)
        assert visible(page, name)


def test_a_link_to_what_is_filtered_away_clears_the_filters(small, opened):
    page = opened(small.html).page
    target = names(page, f"{ENTRY}[data-kinds=missed]")[0]
    tick(page, "kind", "spurious")
    assert target not in names(page)
    page.evaluate("name => { location.hash = name; }", target)
    arrives(page, target)
    assert not page.locator("input[name=kind]:checked").count()


def test_every_mark_in_the_text_is_a_link_to_its_entry(small, opened):
    page = opened(small.html).page
    marks = page.eval_on_selector_all("a.mark", "nodes => nodes.map(n => n.getAttribute('href').slice(1))")
    assert sorted(marks) == sorted(names(page))
    page.locator("a.mark").nth(5).click()
    arrives(page, marks[5])


def test_keys_step_through_every_error_once_and_round(small, opened):
    page = opened(small.html).page
    wanted = names(page)
    seen = []
    for _ in wanted:
        page.keyboard.press("n")
        seen.append(focused(page))
    assert seen == wanted
    page.keyboard.press("n")
    assert focused(page) == wanted[0]
    page.keyboard.press("p")
    assert focused(page) == wanted[-1]
    assert page.evaluate("decodeURIComponent(location.hash.slice(1))") == wanted[-1]


def test_keys_leave_typing_alone(small, opened):
    page = opened(small.html).page
    page.keyboard.press("/")
    page.keyboard.type("np/")
    assert page.input_value("#search") == "np/"
    assert focused(page) == ""
    page.keyboard.press("Escape")
    page.keyboard.press("Control+n")
    assert page.evaluate("location.hash") == ""


def test_buttons_step_as_the_keys_do(small, opened):
    page = opened(small.html).page
    page.click("#next")
    assert focused(page) == names(page)[0]
    page.click("#previous")
    assert focused(page) == names(page)[-1]


def test_keys_follow_the_filters(small, opened):
    page = opened(small.html).page
    tick(page, "kind", "missed")
    page.click("h2#documents")
    for wanted in names(page)[:5]:
        page.keyboard.press("n")
        assert focused(page) == wanted
        assert "missed" in page.get_attribute(f"[id='{wanted}']", "data-kinds")


@pytest.mark.parametrize("how", ["pointer", "keyboard"])
def test_the_parts_of_an_attribution_are_joined(small, opened, how):
    page = opened(small.html).page
    entry = page.locator(f"{ENTRY}[data-layer=attributions][data-kinds=missed]").first
    if how == "pointer":
        entry.hover()
    else:
        entry.locator("a.link").focus()
    assert page.locator("svg.joins path.join").count() == 2
    words = page.eval_on_selector_all("svg.joins text", "nodes => nodes.map(n => n.textContent)")
    assert set(words) == {"source", "cue", "content"}
    lit = page.eval_on_selector_all(".run.lit", "nodes => nodes.map(n => n.textContent).join('')")
    told = entry.locator(".part").all_inner_texts()
    assert len(told) == 3
    for part in told:
        for words in part.split(None, 1)[1].split(" … "):
            assert words.strip()[:10] in lit


def test_pointing_at_a_cue_in_the_text_joins_it_too(small, opened):
    page = opened(small.html).page
    page.locator(".run", has_text=re.compile("^Volgens$")).first.hover()
    assert page.locator("svg.joins").count() == 1
    assert "Volgens" in page.inner_text(".card")
    page.mouse.move(2, 2)
    page.locator("h2#documents").hover()
    assert page.locator("svg.joins, .card, .lit").count() == 0


def test_a_figure_is_told_with_its_quantity_and_who_claims_it(small, opened):
    page = opened(small.html).page
    entry = page.locator(f"{ENTRY}[data-layer=figures]", has_text="claimed by").first
    reach(page, entry)
    assert re.search(r"quantity\s+(≥|≈)", entry.inner_text())
    entry.locator("a.link").focus()
    words = page.eval_on_selector_all("svg.joins text", "nodes => nodes.map(n => n.textContent)")
    assert "claimed by" in words and "figure" in words


def test_what_is_right_is_told_on_demand(small, opened):
    page = opened(small.html).page
    details = page.locator("details.rest").first
    reach(page, details)
    said = int(re.search(r"Right: (\d+)", details.locator("summary").inner_text()).group(1))
    assert details.locator("li").count() == 0
    details.locator("summary").click()
    page.wait_for_selector("details.rest[open] li")
    assert details.locator(".word.right", has_text="right").count() == said
    assert page.locator(ENTRY).count() == len(expected(small.card))


# texts that may not travel


def as_anp(rows, keep_text: bool) -> list[dict]:
    return [
        {**row, "id": row["id"].replace("inv", "anp"), "config": "anp", "text": row.get("text") if keep_text else None}
        for row in rows
    ]


def test_documents_without_text_show_offsets_and_labels_only(opened):
    gold, predictions = corpus(8)
    scored = Scored(as_anp(gold, False), [{**p, "id": p["id"].replace("inv", "anp")} for p in predictions])
    watched = opened(scored.html)
    assert counted(shown(watched.page)) == counted(expected(scored.card))
    assert watched.complaints == []
    assert watched.page.locator(".text, q").count() == 0
    assert "come without text" in watched.page.inner_text("main")
    assert watched.page.locator(".alarm").count() == 0
    for words in ("Visserijpartij", "gemeld", "netten"):
        assert words not in re.sub(r'"ref":"[^"]*"', "", scored.html)
    watched.page.keyboard.press("n")
    assert re.search(r"\d+–\d+", watched.page.inner_text(".entry.current"))


def test_a_page_with_restored_text_says_that_it_must_not_be_published(small, opened):
    gold, predictions = corpus(8)
    scored = Scored(as_anp(gold, True), [{**p, "id": p["id"].replace("inv", "anp")} for p in predictions])
    page = opened(scored.html).page
    alarm = page.locator(".alarm").first
    assert alarm.inner_text().startswith("Not to be published.")
    assert alarm.bounding_box()["y"] < 100
    assert page.locator("meta[name=robots]").get_attribute("content").startswith("noindex")
    assert "Not to be published" not in small.html


# size and speed


@pytest.fixture(scope="module")
def dense() -> Scored:
    return Scored(*corpus(150, sentences=16))


def test_150_documents_are_under_two_megabytes_and_open_in_a_second(dense, opened):
    assert len(dense.html.encode()) < 2_000_000
    opens = []
    for _ in range(2):
        page = opened(dense.html).page
        opens.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        assert page.locator(ENTRY).first.is_visible()
    assert min(opens) < 1_000
    page.wait_for_selector(".document:last-child > header")
    assert counted(shown(page)) == counted(expected(dense.card))


def test_thousands_of_documents_are_paged(opened):
    gold, predictions = corpus(5_000, sentences=1)
    none = {"figures": [], "attributions": []}
    scored = Scored([row | none for row in gold], [{"id": row["id"], "entities": row["entities"]} for row in predictions])
    page = opened(scored.html).page
    page.wait_for_selector(".document:last-child > header")
    assert page.locator(".document").count() == 200
    assert status(page) == [5_000, 5_000, len(expected(scored.card)), len(expected(scored.card))]
    assert page.evaluate("document.querySelectorAll('*').length") < 60_000
    first = names(page, ".document")
    page.click("text=Later")
    assert not set(first) & set(names(page, ".document"))
    page.fill("#search", "inv-1249-t3")
    page.wait_for_selector("[id='d/inv-1249-t3']")
    assert names(page, ".document") == ["d/inv-1249-t3"]
    began = page.evaluate("performance.now()")
    page.click("text=Clear filters")
    page.wait_for_selector(".document:nth-child(200)")
    assert page.evaluate("performance.now()") - began < 3_000


def test_stepping_goes_over_the_end_of_a_page_of_documents(many, opened):
    page = opened(many.html).page
    page.wait_for_selector(".document:last-child > header")
    last = names(page)[-1]
    page.evaluate("name => { location.hash = name; }", last)
    arrives(page, last)
    page.keyboard.press("n")
    assert focused(page) and focused(page) != last
    assert "201–400" in page.inner_text(".pager")


def test_only_the_worst_are_kept_and_it_is_said(many, opened):
    page = opened(html(many.card, many.gold, many.predictions, system="s", worst=10)).page
    wrong = Counter(entry["document"] for entry in expected(many.card))
    worst = sorted(many.rows, key=lambda name: (-wrong[name], name))[:10]
    assert names(page, ".document") == [f"d/{name}" for name in worst]
    assert "Shown are the 10 with most errors; the other 440 are left out." in page.inner_text("main")


# care


@pytest.fixture(scope="session")
def axe() -> str:
    return source()


@pytest.fixture(scope="module")
def few() -> Scored:
    return Scored(*corpus(4, sentences=5))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_axe_finds_nothing_serious(few, opened, axe, scheme, width):
    page = opened(few.html, color_scheme=scheme, viewport={"width": WIDTHS[width], "height": 900}).page
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    page.keyboard.press("n")
    assert violations(page, axe) == []


def test_axe_finds_what_is_wrong(few, opened, axe):
    page = opened(few.html.replace('lang="en"', "", 1)).page
    assert any(v.startswith("html-has-lang") for v in violations(page, axe))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_at_any_width(small, opened, scheme, width):
    page = opened(small.html, color_scheme=scheme, viewport={"width": WIDTHS[width], "height": 900}).page
    page.keyboard.press("n")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper)[:3])) > 380) == (scheme == "light")


def test_print_shows_the_documents_and_no_controls(small, opened):
    page = opened(small.html).page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 249)"
    assert not page.locator("#controls").is_visible()
    assert not page.locator("#steps").is_visible()
    assert page.locator(".document").last.is_visible()
    assert page.locator(".shown").first.evaluate("node => node.scrollHeight <= node.clientHeight + 1")
    assert len(page.pdf()) > 20_000


def test_measures_and_charts_need_no_script(small, opened):
    page = opened(small.html, java_script_enabled=False).page
    assert page.locator("table.measures").first.is_visible()
    assert page.locator(".chart svg").count() == 4
    assert "own script" in page.inner_text("noscript, .alarm")


def test_each_chart_has_its_numbers_as_words(small, opened):
    page = opened(small.html).page
    for chart in page.locator("figure.chart").all():
        assert chart.locator("svg").get_attribute("aria-hidden") == "true"
        chart.locator("summary").click()
        assert chart.locator("tbody tr").count() > 1
    types = page.locator("figure.chart", has_text="Types of names").locator("tbody tr").all_inner_texts()
    names_ = small.card.ledger.filter(small.card.ledger["layer"] == "entities")
    both = len(names_.filter(names_["side"] == "gold")) + len(
        names_.filter((names_["side"] == "predicted") & names_["partner"].is_null())
    )
    assert sum(int(line.split("\t")[-1]) for line in types) == both


# injection

EVIL = (
    "<script>window.hit=1</script>",
    '"><img src=x onerror=window.hit=1><svg onload=window.hit=1>',
    "' onmouseover=window.hit=1 autofocus onfocus=window.hit=1 x='",
    "</script><script>window.hit=1</script><!--<script>",
    "</style><style>*{background:url(https://evil.invalid/x)}</style>",
    "javascript:window.hit=1",
    "url(https://evil.invalid/x);background:red",
    "</title></textarea></noscript><iframe src=https://evil.invalid/></iframe>",
    "{{7*7}}{%print(1)%}${window.hit=1}",
    "\u2028\u2029\u202e]]>&lt;script&gt;",
    "<base href=https://evil.invalid/><link rel=stylesheet href=https://evil.invalid/s.css>",
    "__proto__",
)


def poisoned(n: int, items: int) -> tuple[dict, dict]:
    """A document in which every string that a file may hold is hostile; each field takes each string in turn."""
    evil = [EVIL[(n + k) % len(EVIL)] for k in range(len(EVIL))]
    w = Writer(f"doc {n} {evil[0]}", f"page {evil[1]}", evil[2])
    w.row |= {"section": evil[3], "split": evil[5]}
    for k in range(items):
        told = evil[k:] + evil[:k]
        span = w.put(told[0])
        w.entities.append({"id": f"{k}{told[6]}", **span, "type": told[0], "role": told[7], "ref": told[8]})
        what = w.figure(told[0], None, told[1], kind=told[9], bound=told[10], unit=told[11], id=f"{k}{told[0]}", part_of=told[7])
        w.says([span], [what], [span], told[1], told[2])
        w.attributions[-1] |= {"source_kind": told[3], "stance": told[4], "id": f"{k}{told[5]}", "parent": told[6]}
        w.close(told[2])
    gold = w.done()
    fields = {
        "entities": ("type", "role", "ref"),
        "figures": ("kind", "bound", "unit"),
        "attributions": ("kind", "stance", "source_ref", "source_kind"),
    }
    other = {
        layer: [item | {name: evil[(k + 3) % len(evil)] for name in names} for k, item in enumerate(gold[layer])]
        for layer, names in fields.items()
    }
    other["entities"] += [{**e, "start": e["start"] + 1} for e in gold["entities"]]
    return gold, {"id": gold["id"], **other}


@pytest.fixture(scope="module")
def hostile():
    """Gold, predictions, scorecard, page. A reader of files would refuse much of this; the page must not count on it."""
    pairs = [poisoned(n, 1 if n else len(EVIL)) for n in range(len(EVIL))]
    gold, predictions = with_text([row for row, _ in pairs]), frame([row for _, row in pairs])
    card = score_frames(gold, predictions, settings={evil: evil for evil in EVIL})
    return card, html(card, gold, predictions, system=EVIL[0], description=" ".join(EVIL))


def with_text(rows):
    import polars as pl

    more = {
        name: [row[name] for row in rows] for name in ("page", "kind", "config", "split", "section", "text", "length", "segments")
    }
    return frame(rows).with_columns(pl.Series(name, values) for name, values in more.items())


def unharmed(watched) -> None:
    page = watched.page
    page.wait_for_timeout(50)
    assert page.evaluate("window.hit") is None
    assert watched.complaints == []
    assert [url for url in watched.asked if not url.startswith(("file:", "data:"))] == []
    assert sum(url.startswith("file:") for url in watched.asked) == 1
    assert page.locator("iframe, img, base, link, object, embed").count() == 0
    assert page.eval_on_selector_all("script", "all => all.length") in (0, 2)
    handlers = "all => all.flatMap(n => n.getAttributeNames()).filter(name => name.startsWith('on'))"
    assert page.eval_on_selector_all("*", handlers) == []
    assert (
        page.eval_on_selector_all("[href]", "all => all.map(n => n.getAttribute('href')).filter(h => !h.startsWith('#'))") == []
    )


def test_nothing_in_a_prediction_runs_or_loads(hostile, opened):
    card, whole = hostile
    watched = opened(whole)
    page = watched.page
    page.wait_for_selector(".document:last-child > header")
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    assert page.locator(ENTRY).count() == len(errors(card.ledger))
    unharmed(watched)
    said = page.evaluate("document.body.textContent")
    assert all(evil in said for evil in EVIL)
    for selector in (ENTRY, ".run", "a.mark", ".entry:not(.error)"):
        for node in page.locator(selector).all()[:: max(1, page.locator(selector).count() // 12)]:
            node.dispatch_event("mouseover")
    for _ in range(30):
        page.keyboard.press("n")
    for value in page.eval_on_selector_all("#type option", "all => all.map(o => o.value)"):
        page.select_option("#type", value)
        assert page.locator(ENTRY).count()
    page.fill("#search", EVIL[1])
    page.wait_for_timeout(150)
    unharmed(watched)


def test_links_to_hostile_ids_land(hostile, opened):
    page = opened(hostile[1]).page
    page.wait_for_selector(".document:last-child > header")
    for name in names(page, ".document"):
        page.evaluate("name => { location.hash = name; }", name)
        arrives(page, name)


def test_nothing_in_a_comparison_or_leaderboard_runs_or_loads(hostile, opened):
    card = hostile[0]
    cards = dict.fromkeys(EVIL[:4], card)
    unharmed(opened(html_compare(compare(cards, ["entities", "figures"]))))
    results = [{**json.loads(card.to_json()), "system": evil, "description": evil} for evil in EVIL]
    unharmed(opened(leaderboard(results, title=EVIL[0])))


def test_the_watch_sees_a_script_and_a_request(opened):
    watched = opened("<body><script>window.hit = 1</script><img src='https://evil.invalid/x' onerror='1'></body>")
    with pytest.raises(AssertionError):
        unharmed(watched)
    assert watched.page.evaluate("window.hit") == 1
    assert any("evil.invalid" in url for url in watched.asked)


def test_the_policy_alone_stops_a_script_that_got_in(small, opened):
    watched = opened(small.html.replace("</main>", "<script>window.hit=1</script><img src=https://evil.invalid/x></main>"))
    assert watched.page.evaluate("window.hit") is None
    assert len(watched.complaints) == 2


@pytest.mark.parametrize("per_row", [1, 2])
def test_a_chart_draws_each_row_of_its_numbers_once(small, three, per_row):
    from volgens.report.html.charts import charts
    from volgens.report.html.rows import rows
    from volgens.report.html.system_charts import differences, ranks

    one = {chart.title: chart for chart in charts(small.card, rows(json.loads(small.card.to_json())), {})}
    drawn = [one["Fields"], one["Figures by bound"], differences(three)] if per_row == 1 else [ranks(three)]
    for chart in drawn:
        dots = re.findall(r'<path [^>]*d="M[^"]*A[^"]*"', chart.drawing)
        assert len(dots) == per_row * len(chart.rows) > 1


def test_a_chart_with_anything_but_shapes_and_words_is_refused():
    import altair as alt

    chart = alt.Chart(alt.InlineData(values=[{"u": "https://evil.invalid/x.png"}])).mark_image().encode(url="u:N")
    with pytest.raises(ValueError, match="a chart holds <image>"):
        svg(chart)


# several systems


@pytest.fixture(scope="module")
def three(small):
    gold, _ = corpus(12, sentences=6)
    cards = {"first": small.card}
    for n, name in enumerate(("second", "third"), 1):
        guesses = checked(corpus(12, sentences=6)[1] if n == 1 else gold_as_predictions(gold), small.gold)
        cards[name] = score_frames(small.gold, guesses)
    return compare(cards, ["entities", "figures", "attributions"])


def gold_as_predictions(gold):
    return [{name: row[name] for name in ("id", "entities", "figures", "attributions")} for row in gold]


def test_a_comparison_tells_the_differences_and_the_ranks(three, opened, axe):
    watched = opened(html_compare(three))
    page = watched.page
    assert watched.complaints == [] and all(url.startswith("file:") for url in watched.asked)
    lines = page.eval_on_selector_all(
        "section[aria-labelledby=pairs] tbody tr", "rows => rows.map(r => [...r.children].map(c => c.innerText))"
    )
    wanted = [
        [
            d.measure,
            f"{d.b} − {d.a}",
            f"{d.difference:+.3f}",
            f"{d.interval.low:+.3f} to {d.interval.high:+.3f}",
            number(d.p),
            number(d.p_holm),
            f"{d.win} / {d.tie} / {d.loss}",
        ]
        for d in three.differences
    ]
    assert lines == wanted
    scores = page.eval_on_selector_all("table.systems .strong", "all => all.map(n => n.innerText)")
    assert scores == [number(card[m].f1) for card in three.cards.values() for m in three.measures]
    assert page.locator("figure.chart").count() == 2
    apart = page.eval_on_selector_all(
        "section[aria-labelledby=apart] tbody tr", "rows => rows.map(r => [...r.children].map(c => c.innerText))"
    )
    counts = [Counter(e["document"] for e in expected(card)) for card in three.cards.values()]
    assert apart and all(row[1:] == [str(count[row[0]]) for count in counts] for row in apart)
    assert violations(page, axe) == []


def test_a_leaderboard_has_the_best_first_and_golds_apart(three, opened, axe):
    results = [{**json.loads(card.to_json()), "system": name, "description": f"the {name}"} for name, card in three.cards.items()]
    results.append({**results[2], "system": "reading", "reference": True})
    other = {**results[0], "system": "elsewhere", "signature": {**results[0]["signature"], "gold": "another"}}
    told = {three.cards["first"].signature["gold"]: Told(ranks=three.ranks)}
    watched = opened(leaderboard([*results, other], told=told, ceiling={"entities": 0.9}))
    assert watched.complaints == []
    boards = {t.locator("tbody tr").count(): t for t in watched.page.locator("table.systems").all()}
    assert sorted(boards) == [1, 4]
    whole = [row.inner_text() for row in boards[4].locator("tbody tr").all()]
    means = {name: sum(card[m].f1 for m in three.measures) for name, card in three.cards.items()}
    order = [*sorted(means, key=lambda name: (-means[name], name)), "reading"]
    assert [row.split()[0] for row in whole] == order
    assert "reference, not ranked" in whole[3] and "rank 1" not in whole[3]
    for name, text in zip(order, whole[:3], strict=False):
        best, worst = three.ranks["entities"][name]
        assert f"rank {best}" in text and (best == worst or f"rank {best}–{worst}" in text)
    assert watched.page.locator(".about.ceiling").count() == 5
    assert violations(watched.page, axe) == []


def test_an_empty_leaderboard_says_so(opened):
    assert "No results yet." in opened(leaderboard([])).page.inner_text("main")


def test_the_ceiling_is_a_mark_on_the_bar_and_a_number(small, opened):
    page = opened(html(small.card, small.gold, small.predictions, system="s", ceiling={"entities": 0.5})).page
    assert page.locator("path.ceiling").first.get_attribute("d") == "M100.0,0v16"
    assert "0.500" in page.inner_text("table.measures tr.headline")
