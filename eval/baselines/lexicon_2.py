"""The lexicon of version 2: the frozen one with the verbs that the guidelines' table has beside it; unveiling is an act (A66)."""

from __future__ import annotations

import re
from functools import cache

from baselines.lexicon import (
    DOCUMENT_NOUNS,
    GROUP_NOUNS,
    PERSON_NOUNS,
    Cue,
    finite_cues,
    infinitive_cues,
    participle_cues,
)
from baselines.words import rows, words

DEMANDS = words("words_2", "demands")
DOCUMENTS = DOCUMENT_NOUNS | words("words_2", "document_nouns")
GROUPS = GROUP_NOUNS | words("words_2", "group_nouns")
PERSONS = PERSON_NOUNS | words("words_2", "person_nouns")
AMOUNT = re.compile(
    r"\b(?:\d[\d.,]*|anderhalf|anderhalve|een half|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twaalf|twintig)\b"
)
PENALTY = re.compile(r"\b(?:cel|celstraf|gevangenisstraf|taakstraf|boete|levenslang|vrijspraak|schadevergoeding)\b")
AGAINST = re.compile(r"\s(?:tegen|van)\s(?:de|het|een|zijn|haar|[A-Z])")
FINDING = re.compile(
    r"\b\w*(?:daling|stijging|toename|afname|groei|krimp|verschil|tekort|effect|overschot|verband|verbetering)\b"
)
PLANNED = re.compile(r"\b(?:aanvankelijk|eigenlijk|oorspronkelijk|vandaag|als|indien)\b", re.IGNORECASE)
SUSPECTED = re.compile(r"(?P<who>[A-ZÀ-Þ][\w ]*?)\s(?P<cue>(?:wordt|worden|werd|werden)\sverdacht)\svan\s(?P<what>[^.,]+)")
ECHO = ("klinkt", "klonk", "luidt", "luidde", "heet")
FINDERS = words("words_2", "finders")
THIS = frozenset(["dat", "dit", "het", "hem", "haar", "hen"])


def _rows() -> list[list[str]]:
    return rows("words_2", "verbs")


@cache
def finite_2() -> dict[str, tuple[Cue, ...]]:
    """Finite form → the verbs it may belong to, those with a particle first."""
    found = {form: [_unveiled(cue) for cue in cues] for form, cues in finite_cues().items()}
    for lemma, frames, kind, stance, forms, _, particle in _rows():
        for form in forms.split():
            found.setdefault(form, []).append(Cue(lemma, frames, kind, stance, particle))
    return {form: tuple(sorted(cues, key=lambda c: not c.particle)) for form, cues in found.items()}


@cache
def participles_2() -> dict[str, Cue]:
    """Participle → its verb."""
    found = {form: _unveiled(cue) for form, cue in participle_cues().items()}
    return found | {
        participle: Cue(lemma, frames, kind, stance) for lemma, frames, kind, stance, _, participle, _ in _rows() if participle
    }


@cache
def infinitives_2() -> dict[str, Cue]:
    """Infinitive → its verb."""
    return infinitive_cues() | {lemma: Cue(lemma, frames, kind, stance) for lemma, frames, kind, stance, *_ in _rows()}


def _unveiled(cue: Cue) -> Cue:
    return cue._replace(frames=cue.frames.replace("n", "")) if cue.lemma == "onthullen" else cue
