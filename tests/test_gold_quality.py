"""The committed gold: spans, names, numbers, cues, and how it came from the readings; `anp` with its pages where they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from agency import ARTICLES, WIKINEWS, needs_articles, needs_wikinews
from volgens import __version__
from volgens.curation.adjudication import read_decisions
from volgens.curation.build import VERSION, read_all_pages
from volgens.curation.corrections import replay
from volgens.curation.cues import lexicon
from volgens.curation.folder import Folder
from volgens.curation.grammar.quantities import read_quantity
from volgens.curation.quality import (
    continued,
    missed,
    number_differences,
    read_register,
    register_problems,
    split_words,
)
from volgens.model.checks import check_gold
from volgens.model.documents import PARTS, Entity, Span, claimants
from volgens.readers.label_studio.export import from_export

ROOT = Path(__file__).parents[1]
HOUSE = Folder(ROOT)
ANNOTATIONS = ROOT / "annotations"
ADJUDICATION = ANNOTATIONS / "adjudication"
TEXTS_THERE = {config: folder for config, folder in (("anp", ARTICLES), ("wikinews", WIKINEWS)) if folder.is_dir()} or None
READINGS = ("first", "reading-1", "reading-2")
OURS = ["own", pytest.param("anp", marks=needs_articles)]
TEXTS = pytest.mark.parametrize("config", OURS)
"""Pages as an agency writes them; the token files of Wikinews have spaces and marks that the checks of single words trip over."""
ALL_TEXTS = pytest.mark.parametrize("config", [*OURS, pytest.param("wikinews", marks=needs_wikinews)])
BOTH = pytest.mark.parametrize("config", ["own", "anp", "wikinews"])
REFS = read_register(ANNOTATIONS / "refs.jsonl")
NAMES = sorted({variant for ref in REFS for variant in ref.variants})


@cache
def gold(config):
    """The gold of every split."""
    golds, problems = HOUSE.golds(config)
    assert not problems
    return {name: g for name, (_, g) in golds.items()}


@cache
def documents(config):
    pages, problems = read_all_pages(ROOT / "dataset" / "pages", TEXTS_THERE)
    assert not problems
    annotated = gold(config)
    return [annotated[d.id].on(d) for page in pages if page.config == config for d in page.documents if d.id in annotated]


def everywhere():
    return [document for config in ("own", "anp", "wikinews") for document in documents(config)]


def lines(name):
    return [json.loads(line) for line in (ADJUDICATION / name).read_text(encoding="utf-8").splitlines()]


@BOTH
def test_the_gold_keeps_the_contract(config):
    """Spans are trimmed and within one segment, links lead somewhere, numbers fit their bound, and more: `check_gold`."""
    assert len(documents(config)) == len(gold(config)) >= {"own": 20, "anp": 40, "wikinews": 120}[config]
    assert check_gold(documents(config)) == []


@BOTH
def test_the_gold_says_how_it_was_made(config):
    """By a model, from two blind readings, adjudicated; or by a person who corrected it, which the corrections say too."""
    corrections, problems = read_decisions(HOUSE.corrections)
    assert problems == []
    by_people = {c.point.document for c in corrections if c.by == "person"}
    for name, one in gold(config).items():
        made = one.provenance
        if made.annotator == "person":
            assert name in by_people, name
        else:
            assert (made.readings, made.blind, made.adjudicated) == (2, True, True), name


@TEXTS
def test_words_are_split_only_where_the_rules_say_so(config):
    """E10: a name at the beginning of a longer token; F10: a number in a compound. Nothing else begins or ends within a word."""
    by_id = {d.id: d for d in documents(config)}
    found = [finding for document in documents(config) for finding in split_words(document)]
    for finding in found:
        text = by_id[finding.document].text
        surface, before, after = text[finding.start : finding.end], text[: finding.start], text[finding.end :]
        assert finding.layer in ("entities", "figures"), finding
        assert not before[-1:].isalnum() and re.match(r"[a-zë]+", after), finding
        assert (finding.layer == "entities" and surface in NAMES) or read_quantity(surface), finding


def test_the_check_of_split_words_sees_one():
    document = documents("own")[0]
    first = document.entities[0]
    assert split_words(replace(document, entities=(replace(first, end=first.end - 1),)))
    assert not split_words(replace(document, entities=(first,), figures=(), attributions=()))


@ALL_TEXTS
def test_every_name_number_cue_and_quotation_is_annotated_or_decided_against(config):
    found = {tuple(f) for document in documents(config) for f in missed(document, NAMES)}
    decided = {
        tuple(row[k] for k in ("document", "layer", "start", "end", "lemma"))
        for row in lines("out_of_scope.jsonl")
        if row["document"].startswith(config)
    }
    assert found == decided


@BOTH
def test_what_was_decided_against_is_not_annotated(config):
    """Needs no texts."""
    by_id = {d.id: d for d in documents(config)}
    rows = [row for row in lines("out_of_scope.jsonl") if row["document"].startswith(config)]
    assert rows
    for row in rows:
        document, span = by_id[row["document"]], Span(row["start"], row["end"])
        spans = {
            "entities": [e.span for e in document.entities],
            "figures": [f.span for f in document.figures],
            "attributions": [cue for a in document.attributions for cue in a.cue],
        }[row["layer"]]
        assert 0 <= span.start < span.end <= document.length
        inside = row["lemma"] == "quotation" and span.end - span.start > 40  # a sentence in marks may hold cues of its own
        assert inside or not any(span.start < s.end and s.start < span.end for s in spans), row


@pytest.mark.parametrize("layer", ["entities", "figures", "attributions"])
def test_an_item_taken_away_is_missed(layer):
    """Every name, figure and attribution of `own`, one after the other; only the colon of a headline is no word."""
    for document in documents("own"):
        known = set(missed(document, NAMES))
        for item in getattr(document, layer):
            rest = tuple(other for other in getattr(document, layer) if other != item)
            span = item.cue[0] if layer == "attributions" else item.span
            if span.cut(document.text) == ":" or _within_another(item, rest):
                continue
            found = set(missed(replace(document, **{layer: rest}), NAMES)) - known
            assert any(f.layer == layer for f in found), (document.id, item)


def _within_another(item, rest):
    return isinstance(item, Entity) and any(other.span.covers(item.span) for other in rest)


@TEXTS
def test_free_standing_quotations_continue_an_attribution(config):
    assert [(d.id, span) for d in documents(config) for span in continued(d)] == []


@TEXTS
def test_attributions_keep_what_the_rules_say_of_their_words(config):
    """A26 and A34: edges; A42 and A44: what has an antecedent; A57: what is hedged; A58: the parent is the innermost content."""
    for document in documents(config):
        for a in document.attributions:
            words = {part: [span.cut(document.text) for span in getattr(a, part)] for part in PARTS}
            assert (words["content"] in (["Dat"], ["dat"], ["dit"], ["het"])) == bool(a.antecedent), (document.id, a)
            assert a.hedged == any(re.fullmatch(r"zou|zouden|naar verluidt", cue.lower()) for cue in words["cue"]), (
                document.id,
                a,
            )
            assert not any(w.lower().split()[0] in ("volgens", "van", "door", "uit", "ook") for w in words["source"]), (
                document.id,
                a,
            )
            for piece in words["content"] + words["antecedent"]:
                assert not piece.startswith((",", ":")) and not piece.endswith((",", ":", ".")), (document.id, piece)
                assert piece.count('"') % 2 == 0, (document.id, piece)
            assert a.parent == _innermost(document, a), (document.id, a)


def _innermost(document, a):
    around = [
        (sum(s.end - s.start for s in other.content), other.id)
        for other in document.attributions
        if other is not a and all(any(s.covers(cue) for s in other.content) for cue in a.cue)
    ]
    return min(around)[1] if around else None


@TEXTS
def test_figures_keep_what_the_rules_say_of_their_words(config):
    """F39: what is counted has no determiner; its head is a word of it; F43 to F47: a part is in the sentence of its whole."""
    for document in documents(config):
        by_id = {f.id: f for f in document.figures}
        for f in document.figures:
            if f.counted is not None:
                counted, head = f.counted.cut(document.text), f.head.cut(document.text)
                assert counted.split()[0].lower() not in ("de", "het", "een", "zijn", "haar", "hun"), (document.id, counted)
                assert " " not in head, (document.id, head)
            if f.part_of is not None:
                first, last = sorted((f.span, by_id[f.part_of].span))
                assert not re.search(r"[.!?] ", document.text[first.end : last.start]), (document.id, f)


@needs_articles
def test_a_quotation_left_out_is_seen():
    document = next(d for d in documents("anp") if d.id == "anp-001-t5")
    first = document.attributions[0]
    cut = replace(first, content=first.content[:1])
    assert continued(replace(document, attributions=(cut, *document.attributions[1:]))) == [first.content[1]]


@TEXTS
def test_the_number_grammar_reads_what_the_gold_says_or_the_difference_is_decided(config):
    found = [tuple(d) for document in documents(config) for d in number_differences(document)]
    names = ("document", "start", "end", "field", "gold", "read")
    decided = [tuple(row[n] for n in names) for row in lines("numbers.jsonl") if row["document"].startswith(config)]
    assert sorted(found, key=str) == sorted(decided, key=str)


def test_a_wrong_number_is_seen():
    document = next(d for d in documents("own") if d.id == "own-000-t1")
    first = document.figures[0]
    wrong = replace(document, figures=(replace(first, min=first.min * 10),))
    assert [d.field for d in number_differences(wrong)] == ["min"]


def test_the_register_lists_every_ref_once():
    assert register_problems(REFS, everywhere()) == []


def test_the_register_names_what_is_wrong():
    everything = everywhere()
    twice = [*REFS, REFS[0]._replace(slug="zzz")]
    person, country = REFS[[r.type for r in REFS].index("PER")], REFS[[r.type for r in REFS].index("GPE")]

    def found(refs):
        return {(p.where.field, p.id) for p in register_problems(refs, everything)}

    assert {("zzz", "not-used"), (str(REFS[0].name), "one-thing-twice")} <= found(twice)
    assert (REFS[0].slug, "not-registered") in found(REFS[1:])
    assert (country.slug, "two-things") in found([r._replace(type="PER") if r is country else r for r in REFS])
    assert (person.slug, "wikidata-shape") in found([r._replace(wikidata="42") if r is person else r for r in REFS])
    assert ("afp", "not-sorted") not in found(REFS) and found(REFS[::-1])


@needs_articles
def test_the_register_knows_how_the_texts_call_things():
    refs = [r._replace(variants=("x",)) if r.slug == "navo" else r for r in REFS]
    assert [(p.where.field, p.id) for p in register_problems(refs, everywhere())] == [("navo", "other-variants")]


def read_by(config):
    """The readings of a configuration: the first, with the guidelines in the making, is of the oldest two alone."""
    return [name for name in READINGS if (ANNOTATIONS / "raw" / f"{config}-{name}.json").exists()]


def readings(config):
    """document → reading → what it says, from the raw exports."""
    found = {}
    for name in read_by(config):
        export = from_export(json.loads((ANNOTATIONS / "raw" / f"{config}-{name}.json").read_text(encoding="utf-8")))
        assert export.problems == []
        assert {r.annotator for r in export.readings} == {name} and {r.status for r in export.readings} == {"submitted"}
        for reading in export.readings:
            found.setdefault(reading.gold.id, {})[name] = replace(reading.gold, provenance=None)
    return found


@BOTH
def test_readings_decisions_and_corrections_give_the_gold(config):
    said = readings(config)
    assert said.keys() == gold(config).keys() and all(one.keys() == set(read_by(config)) for one in said.values())
    assert replay(HOUSE, config) == []


def rules():
    """Every rule number of the guidelines."""
    texts = [
        (ANNOTATIONS / "guidelines" / f"{name}.md").read_text(encoding="utf-8") for name in ("entities", "figures", "attribution")
    ]
    return re.findall(r"^\*\*([EFA]\d+)\.", "\n".join(texts), re.MULTILINE)


@pytest.mark.parametrize("name", ["decisions.jsonl", "corrections.jsonl", "out_of_scope.jsonl", "numbers.jsonl"])
def test_every_decision_has_a_rule_a_reason_and_a_place(name):
    known, ids = rules(), gold("own").keys() | gold("anp").keys() | gold("wikinews").keys()
    assert len(known) == len(set(known)) > 150 and set(known) == HOUSE.rules()
    rows = lines(name) if name != "corrections.jsonl" or HOUSE.corrections.exists() else []
    assert rows or name == "corrections.jsonl"
    for row in rows:
        assert row["rule"] in known and row["reason"] and row["document"] in ids and row["by"] in ("model", "person"), row


COMMON = {
    "horen",
    "lezen",
    "leren",
    "merken",
    "meten",
    "noteren",
    "roepen",
    "tellen",
    "tonen",
    "uitkomen",
    "voorzien",
    "vernemen",
}
"""Verbs of the lexicon that are so common in other senses that a search for them points nowhere."""


def verbs_of_the_guidelines():
    """The verbs in the last column of the lexicon, without brackets, marks and what follows them."""
    text = (ANNOTATIONS / "guidelines" / "attribution.md").read_text(encoding="utf-8")
    table = text.split("## Lexicon")[1].split("**Out**")[0]
    for row in re.findall(r"^\| [^|]+ \| [a-z]+ \| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE):
        for verb in re.split(r", | and ", re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", row)):
            yield verb.split(";")[0].strip(" ᴰᴼ`")


def test_the_search_knows_the_verbs_of_the_guidelines():
    words = {word for lemma in lexicon() for word in re.findall(r"\w+", lemma)}
    verbs = [verb for verb in verbs_of_the_guidelines() if verb and " " not in verb and verb not in ("verbs", "colon", *COMMON)]
    assert len(verbs) > 110
    assert [verb for verb in verbs if verb not in words] == []


def test_changelog_and_citation_tell_the_version_and_its_day():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == VERSION and citation["cff-version"] == "1.2.0" and citation["authors"]
    data, code = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("## Data")[1].split("## Code")
    assert f"### {VERSION} ({citation['date-released']})" in data and f"### {__version__} (" in code


def said(document):
    """What the document says, as far as it can be compared without words: who with what stance, and who gives which figure."""
    by_id = {a.id: a for a in document.attributions}
    claims = claimants(document)

    def voice(a):
        return (a.source_ref, a.source_kind, a.kind, a.stance, a.hedged) if a else None

    voices = Counter((*voice(a), a.parent is not None) for a in document.attributions)
    figures = Counter(
        (f.kind, f.bound, f.value, f.min, f.max, f.approx, f.unit, voice(by_id.get(claims.get(f.id)))) for f in document.figures
    )
    return voices, figures


@pytest.mark.parametrize("number", range(5))
def test_the_retold_article_says_what_the_agency_says(number):
    """The same claims by the same sources with the same figures."""
    own, anp = (next(d for d in documents(c) if d.id == f"{c}-00{number}") for c in ("own", "anp"))
    assert said(own) == said(anp)
