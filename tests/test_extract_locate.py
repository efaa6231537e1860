"""`locate`: planted strings and where they must be found. Invented text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from volgens.readers.locate import ALIGNMENTS, find, locate

TEXT = (
    "Holm: brug blijft dicht\n\n"
    "BERGEN (NPN) - De Noorse premier Ida Holm zegt dat de brug “zo goed als” klaar is. Holm – zelf ingenieur – verwacht 300 "
    "boten. Volgens Lou Brand van de bond zijn het er 300.\n\n"
    "Rusland zweeg. Een Rus niet, zei Brand. Een tweederdemeerderheid koos NAVO-leider Brand."
)

# surface → how it is found, and the words that it covers
PLANTED = {
    "Ida Holm": ("exact", "Ida Holm"),
    "Rus": ("exact", "Rus"),
    "NAVO": ("exact", "NAVO"),
    "tweederde": ("exact", "tweederde"),
    'de brug "zo goed als" klaar is': ("normalised", "de brug “zo goed als” klaar is"),
    "Holm - zelf ingenieur - verwacht": ("normalised", "Holm – zelf ingenieur – verwacht"),
    "brug blijft dicht BERGEN": ("normalised", "brug blijft dicht\n\nBERGEN"),
    "  Ida\u00a0Holm ": ("normalised", "Ida Holm"),
    "IDA HOLM": ("case", "Ida Holm"),
    "bergen": ("case", "BERGEN"),
    "volgens Lou Brand van de bond zijn er 300": ("fuzzy", "Volgens Lou Brand van de bond zijn het er 300"),
    "dat de bruggen zo goed als klaar zijn": ("fuzzy", "dat de brug “zo goed als” klaar is"),
    "Lou Brandt": ("fuzzy", "Lou Brand"),
    "de burgemeester van Oslo zweeg gisteren": ("unlocated", None),
    "Ida Helm": ("fuzzy", "Ida Holm"),
    "Bran": ("exact", "Bran"),
    "olm": ("unlocated", None),
    "usland": ("unlocated", None),
    "": ("unlocated", None),
    "   ": ("unlocated", None),
}


@pytest.mark.parametrize("surface", PLANTED)
def test_planted(surface):
    found = find(TEXT, surface)
    assert (found.alignment, found.spans[0].cut(TEXT) if found.spans else None) == PLANTED[surface]


def test_whole_words_go_before_beginnings():
    assert [s.start for s in find(TEXT, "Rus").spans] == [TEXT.index("Rus niet")]


def starts(answer, layer="entities"):
    return [item.get("start") for item in locate(TEXT, {layer: answer}).prediction[layer]]


def places(word):
    return [s.start for s in find(TEXT, word).spans]


def test_order_tells_occurrences_apart():
    holm, brand = places("Holm"), places("Brand")
    answer = [{"text": t} for t in ("Holm", "Ida Holm", "Holm", "Lou Brand", "Brand", "Brand")]
    assert starts(answer) == [holm[0], TEXT.index("Ida Holm"), holm[2], TEXT.index("Lou Brand"), brand[1], brand[2]]


def test_one_item_out_of_order_does_not_drag_the_others_along():
    answer = [{"text": "Holm"}, {"text": "NAVO"}, {"text": "Ida Holm"}, {"text": "Lou Brand"}]
    assert starts(answer) == [places("Holm")[0], TEXT.index("NAVO"), TEXT.index("Ida Holm"), TEXT.index("Lou Brand")]


def test_context_tells_occurrences_apart():
    answer = [{"text": "Brand", "context": "koos NAVO-leider Brand"}, {"text": "300", "context": "Holm verwacht 300 boten"}]
    assert starts(answer)[0] == places("Brand")[2]
    assert "context" not in locate(TEXT, {"entities": answer}).prediction["entities"][0]


def test_the_same_string_twice_is_two_places():
    assert starts([{"text": "300"}, {"text": "300"}], "figures") == places("300")


def test_an_unlocated_item_stays_with_its_text_and_the_rest_is_placed():
    located = locate(TEXT, {"entities": [{"text": "Jan Smit", "type": "PER"}, {"text": "Ida Holm", "type": "PER"}]})
    assert located.prediction["entities"][0] == {"text": "Jan Smit", "type": "PER"}
    assert located.prediction["entities"][1] == {"start": 58, "end": 66, "type": "PER"}
    assert [(a.path, a.alignment) for a in located.alignments] == [("entities[0]", "unlocated"), ("entities[1]", "exact")]


def test_parts_of_an_attribution_stand_near_its_content():
    answer = {"source": [{"text": "Brand"}], "cue": [{"text": "zei"}], "content": [{"text": "Een Rus niet"}], "hedged": False}
    (claim,) = locate(TEXT, {"attributions": [answer]}).prediction["attributions"]
    assert claim["source"] == [{"start": places("Brand")[1], "end": places("Brand")[1] + 5}]
    assert claim["hedged"] is False


def test_two_pieces_of_one_part_are_two_places():
    answer = {"cue": [{"text": "Brand"}, {"text": "Brand"}], "content": [{"text": "koos NAVO-leider"}]}
    (claim,) = locate(TEXT, {"attributions": [answer]}).prediction["attributions"]
    assert sorted(p["start"] for p in claim["cue"]) == places("Brand")[1:]


def test_counted_and_head_stand_near_their_figure():
    (figure,) = locate(TEXT, {"figures": [{"text": "300", "counted": {"text": "boten"}, "head": {"text": "boten"}}]}).prediction[
        "figures"
    ]
    assert TEXT[figure["counted"]["start"] : figure["counted"]["end"]] == "boten" == TEXT[figure["head"]["start"] :][:5]


def test_offsets_that_are_there_are_kept():
    answer = {"entities": [{"start": 3, "end": 5, "type": "PER"}]}
    assert locate(TEXT, answer) == (answer, [])


@given(st.text(alphabet="Holm brug-’'\n.é", max_size=40), st.text(alphabet="Holm brug-’'\n.é", max_size=12))
def test_what_is_found_stands_in_the_text(text, surface):
    found = find(text, surface)
    assert found.alignment in ALIGNMENTS and bool(found.spans) == (found.alignment != "unlocated")
    for span in found.spans:
        assert 0 <= span.start < span.end <= len(text)
        if found.alignment == "exact":
            assert span.cut(text) == surface.strip()


@given(st.data())
def test_a_slice_at_words_is_found_again(data):
    words = [m.span() for m in re.finditer(r"\w+", TEXT)]
    i = data.draw(st.integers(0, len(words) - 1))
    j = data.draw(st.integers(i, len(words) - 1))
    start, end = words[i][0], words[j][1]
    found = find(TEXT, TEXT[start:end])
    assert found.alignment == "exact" and (start, end) in found.spans


@pytest.mark.parametrize(
    "answer",
    [
        {"figures": [{"text": "x", "counted": 5}]},
        {"entities": ["x"]},
        {"attributions": [{"cue": ["zegt"]}]},
        {"entities": {"text": "x"}},
    ],
)
def test_an_answer_of_another_form_is_a_value_error(answer):
    with pytest.raises(ValueError, match="is not a"):
        locate("x zegt y", answer)
