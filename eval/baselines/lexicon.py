"""The cue lexicon: verbs that present what a source says, with their forms and fields (tables in words.toml)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from baselines.words import rows, words

PERSON_NOUNS = words("words", "person_nouns")
GROUP_NOUNS = words("words", "group_nouns")
DOCUMENT_NOUNS = words("words", "document_nouns")
MEDIA_NOUNS = words("words", "media_nouns")

AUXILIARIES = frozenset(["heeft", "hebben", "had", "hadden", "is", "zijn", "was", "waren", "wordt", "worden", "werd", "werden"])
COMPLEMENTISERS = frozenset(["dat", "of", "om", "hoe", "waarom", "wanneer", "wie", "wat", "waar", "welke", "hoeveel"])
FIXED_PREPOSITIONS = frozenset(["voor", "over", "van", "op", "tot", "voor"])
NEGATIONS = frozenset(["niet", "nooit", "noch"])


class Cue(NamedTuple):
    """What the lexicon says of one verb form; `particle` is the separable part that must follow."""

    lemma: str
    frames: str
    kind: str
    stance: str
    particle: str = ""


@cache
def finite_cues() -> dict[str, tuple[Cue, ...]]:
    """Finite form → the verbs it may belong to, those with a particle first."""
    found: dict[str, list[Cue]] = {}
    for lemma, frames, kind, stance, forms, _, particle in rows("words", "verbs"):
        for form in forms.split():
            found.setdefault(form, []).append(Cue(lemma, frames, kind, stance, particle))
    for forms, word, kind, stance, frames in rows("words", "light_verbs"):
        for form in forms.split():
            found.setdefault(form, []).append(Cue(f"{form} {word}", frames, kind, stance, word))
    return {form: tuple(sorted(cues, key=lambda c: not c.particle)) for form, cues in found.items()}


@cache
def participle_cues() -> dict[str, Cue]:
    """Participle → its verb."""
    return {
        participle: Cue(lemma, frames, kind, stance) for lemma, frames, kind, stance, _, participle, _ in rows("words", "verbs")
    }


@cache
def infinitive_cues() -> dict[str, Cue]:
    """Infinitive → its verb, for `zou … zeggen` and `wilde … bevestigen`."""
    return {lemma: Cue(lemma, frames, kind, stance) for lemma, frames, kind, stance, *_ in rows("words", "verbs")}
