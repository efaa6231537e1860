"""Frog as a system: offsets beside the text, names and attributions of invented sentences, and a server that is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from baselines import frog, frog_attribution
from baselines.frog_server import Server, Word, laid_out, versions
from baselines.frog_tree import Tree
from volgens.model.documents import Span
from volgens.readers.corpus import load_gold
from volgens.readers.native import predictions


def said(*words: str) -> list[dict]:
    return [{"word": word, "pos": {"tag": "N()"}} for word in words]


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("In Oslo.", ["In", "Oslo", "."], ["In", "Oslo", "."]),
        ("Ida  Berg zegt", ["Ida_Berg", "zegt"], ["Ida  Berg", "zegt"]),
        ("a_b in Den_Haag", ["a_b", "in", "Den_Haag"], ["a_b", "in", "Den_Haag"]),
        ("soft\u00adhyphen hier", ["softhyphen", "hier"], ["soft\u00adhyphen", "hier"]),
        ("Ĳsland en e\u0301t", ["IJsland", "en", "ét"], ["Ĳsland", "en", "e\u0301t"]),
        ("🎈 …½", ["🎈", "…", "½"], ["🎈", "…", "½"]),
    ],
)
def test_words_are_laid_beside_the_text(text, words, spans):
    (found,) = laid_out(text, [said(*words)])
    assert [word.text for word in found] == spans == [word.span.cut(text) for word in found]


@pytest.mark.parametrize("words", [["In", "Bergen"], ["In"], ["In", "Oslo", "nu"], ["In", "_", "Oslo"]])
def test_words_that_are_not_those_of_the_text_are_an_error(words):
    with pytest.raises(RuntimeError, match="Frog"):
        laid_out("In Oslo", [said(*words)])


def word(text: str, ner: str) -> Word:
    return Word(text, Span(0, len(text)), text, "SPEC(deeleigen)", ner, None, "")


def test_names_are_runs_of_their_tags():
    tags = ["B-per", "I-per", "B-per", "O", "I-loc", "I-org", "B-eve"]
    found = [([w.text for w in words], kind) for words, kind in frog.runs([word(str(n), tag) for n, tag in enumerate(tags)])]
    assert found == [(["0", "1"], "PER"), (["2"], "PER"), (["4"], "LOC"), (["5"], "ORG"), (["6"], "EVENT")]


def test_words_of_a_unit_have_their_own_tags():
    unit = Word("Ida  Berg", Span(3, 12), "", "", "B-PER_I-PER", None, "")
    assert [(w.text, w.span, w.ner) for w in Tree([unit]).split()] == [
        ("Ida", Span(3, 6), "B-PER"),
        ("Berg", Span(8, 12), "I-PER"),
    ]


NEWS = "Noorse vissers staken\nOSLO (XNP) - De vissers van Noorwegen staken, zegt Ida Berg.\n\nZij vangen niets in Bergen."


def surfaces(text: str, found: dict) -> list[tuple[str, str]]:
    return [(text[e["start"] : e["end"]], e["type"]) for e in found["entities"]]


def test_names_with_the_labels_of_sonar_and_with_ours():
    as_they_are, ours = surfaces(NEWS, frog.sonar(NEWS)), surfaces(NEWS, frog.names(NEWS))
    assert [name for name, _ in as_they_are] == [name for name, _ in ours]
    assert {("Noorse", "LOC"), ("Noorwegen", "LOC"), ("Ida Berg", "PER"), ("Bergen", "LOC")} <= set(as_they_are)
    assert {("Noorse", "NORP"), ("Noorwegen", "GPE"), ("Ida Berg", "PER"), ("Bergen", "GPE")} <= set(ours)


def test_lines_are_not_joined():
    assert ("Oslo", "LOC") in surfaces("Brand in Oslo\nBergen helpt", frog.sonar("Brand in Oslo\nBergen helpt"))


def test_texts_before_it_do_not_change_an_answer():
    first = frog.sonar(NEWS)
    frog.sonar("Iets heel anders over Ida Berg uit Hamar.")
    assert frog.sonar(NEWS) == first


@pytest.mark.parametrize("extract", [frog.names, frog_attribution.extract])
@pytest.mark.parametrize(
    "text", ["É", "🎈 5", "eindevandezetekst", "a\u00ad\n\u00ad\nb", "'\"", "\u200b x\x07y", "Hij zei: ''", "EOT\n[]"]
)
def test_any_text_gives_a_prediction_without_problems(extract, text):
    gold = load_gold(gold=[{"id": "d", "text": text}])
    assert predictions([{"id": "d", **extract(text)}], gold).problems == []


def test_nothing_is_said_of_an_empty_text():
    assert frog.names(" \n") == {"entities": []} and frog_attribution.extract("") == {"attributions": []}


def test_a_server_that_dies_is_an_error_of_one_text_and_stop_leaves_no_process():
    server = Server("pmcla")
    assert [w.text for w in server.sentences("In Oslo")[0]] == ["In", "Oslo"]
    family = processes(server)
    assert len(family) == 2
    for pid in family:
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(RuntimeError, match="Frog did not answer"):
        server.sentences("In Oslo")
    assert [w.text for w in server.sentences("In Oslo")[0]] == ["In", "Oslo"]
    family = processes(server)
    server.stop()
    assert ended(family)


def test_frog_ends_with_a_process_that_is_killed():
    start = "from baselines import frog; frog._server.start(); print(frog._server._process.pid, flush=True)"
    code = f"import time; {start}; time.sleep(99)"
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "eval")}
    user = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environ)
    pid = int(user.stdout.readline())
    family = [pid, *children(pid)]
    assert alive(pid)
    user.kill()
    user.wait()
    assert ended(family)


def ended(family: list[int]) -> bool:
    """Whether all of them end; one that is not our child may take a moment after its signal."""
    patience = time.monotonic() + 60
    while any(map(alive, family)) and time.monotonic() < patience:
        time.sleep(0.1)
    return not any(map(alive, family))


def processes(server: Server) -> list[int]:
    """Frog, and the process that it made for the connection."""
    return [server._process.pid, *children(server._process.pid)]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_versions_are_told():
    assert set(versions()) == {"frog", "frogdata", "ucto", "uctodata"}


# --- attributions ---


@pytest.mark.parametrize(
    ("text", "cue", "source", "content"),
    [
        ("Ida Berg zegt dat de brug morgen open gaat.", ["zegt"], ["Ida Berg"], ["dat de brug morgen open gaat"]),
        ("De politie heeft gemeld dat er twee gewonden zijn.", ["heeft gemeld"], ["De politie"], ["dat er twee gewonden zijn"]),
        ("De brand is aangestoken, meldt de politie.", ["meldt"], ["de politie"], ["De brand is aangestoken"]),
        ('"Er was veel rook", zei burgemeester Ida Berg.', ["zei"], ["burgemeester Ida Berg"], ['"Er was veel rook"']),
        ('Ida Berg zei: "Er was veel rook."', ["zei"], ["Ida Berg"], ['"Er was veel rook."']),
        ("Het akkoord is volgens de krant getekend.", ["volgens"], ["de krant"], ["Het akkoord is", "getekend"]),
        ("De brug is open, aldus de gemeente Hamar.", ["aldus"], ["de gemeente Hamar"], ["De brug is open"]),
        ("De minister legde uit dat de belasting daalt.", ["legde uit"], ["De minister"], ["dat de belasting daalt"]),
        ("Hamar ontkent het bericht.", ["ontkent"], ["Hamar"], ["het bericht"]),
    ],
)
def test_cue_source_and_content_by_the_parse(text, cue, source, content):
    (found,) = frog_attribution.extract(text)["attributions"]
    parts = [[text[s["start"] : s["end"]] for s in found[part]] for part in ("cue", "source", "content")]
    assert parts == [cue, source, content]


def test_fields_come_from_the_verb_its_auxiliaries_and_the_source():
    text = "De woordvoerder wilde niet bevestigen dat het schip gezonken is.\nIda Berg zou hebben gezegd dat de belasting daalt."
    first, second = frog_attribution.extract(text)["attributions"]
    assert (first["stance"], first["hedged"], first["source_kind"], first["source_ref"]) == ("open", False, "person", None)
    assert (second["stance"], second["hedged"], second["source_kind"], second["source_ref"]) == (
        "affirm",
        True,
        "person",
        "ida-berg",
    )


def test_dat_stands_for_the_sentence_before():
    text = "De brand is aangestoken.\nDat meldt de politie."
    (found,) = frog_attribution.extract(text)["attributions"]
    assert [text[s["start"] : s["end"]] for s in (*found["content"], *found["antecedent"])] == ["Dat", "De brand is aangestoken"]


def test_a_tree_in_a_circle_ends():
    words = [Word(str(n), Span(n, n + 1), "", "", "O", head, "mod") for n, head in enumerate((1, 2, 0))]
    assert Tree(words).under(0) == {0, 1, 2}
