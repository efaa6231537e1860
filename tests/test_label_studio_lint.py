"""The labelling configuration holds to the form, and the lint finds what server and SDK let pass."""

from pathlib import Path

import pytest
from volgens.curation.label_studio.colours import closest, distance
from volgens.curation.label_studio.lint import APART, lint
from volgens.readers.label_studio.form import FIELDS, LABELS

CONFIG = (Path(__file__).parents[1] / "annotations" / "labeling.xml").read_text(encoding="utf-8")


def test_our_configuration_has_no_fault():
    assert lint(CONFIG) == []


FAULTS = {
    "not-xml": ("</View>", ""),
    "unknown-tag": ("<Header ", "<Heading "),
    "unknown-attribute": ('granularity="symbol"', 'granulairty="symbol"'),
    "duplicate-name": ('name="max"', 'name="min"'),
    "unknown-object": ('toName="text"', 'toName="txt"'),
    "duplicate-value": ('<Label value="ORG"', '<Label value="PER"'),
    "unknown-condition": ('whenLabelValue="CUE,CONTENT"', 'whenLabelValue="CEU,CONTENT"'),
    "no-hotkey": (' hotkey="y"', ""),
    "editor-hotkey": (' hotkey="y"', ' hotkey="u"'),
    "duplicate-hotkey": (' hotkey="y"', ' hotkey="x"'),
    "no-colour": ('background="#ff00ff"', 'background="magenta"'),
    "colours-alike": ('background="#ff00ff"', 'background="#3366cd"'),
    "form-differs": ('alias="vague"', 'alias="unclear"'),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_found(rule):
    before, after = FAULTS[rule]
    assert before in CONFIG
    problems = lint(CONFIG.replace(before, after), "labeling.xml")
    assert rule in [p.id for p in problems]
    assert all(p.hint and p.where.file == "labeling.xml" for p in problems)


def test_a_near_miss_is_named():
    assert any("`granularity`" in p.hint for p in lint(CONFIG.replace("granularity", "granulairty")))


def test_what_the_sdk_refuses_is_a_problem():
    line = next(line for line in CONFIG.splitlines() if "<Text " in line)
    assert [p.id for p in lint(CONFIG.replace(line, ""))] == ["sdk"]


def test_colour_distance():
    assert distance("#000000", "#ffffff") == pytest.approx(100, abs=0.5)
    assert distance("#336699", "#336699") == 0
    assert distance("#ff0000", "#00a000") < 60  # plain to most, much less so to a deuteranope
    assert closest({"a": "#ff0000", "b": "#fe0000", "c": "#0000ff"})[1:] == ("a", "b")
    assert APART >= 10


def test_every_label_and_choice_is_in_the_form():
    assert len(LABELS) == 15 and len(FIELDS) == 15
