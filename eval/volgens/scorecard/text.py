"""A scorecard as text for a terminal. The default format, kept stable."""

from __future__ import annotations

from collections.abc import Iterator

from volgens.scorecard.card import Counts, Scorecard
from volgens.scorecard.looks import looks_like
from volgens.stats.uncertainty import Interval

FEW = 30
"""Below so many pages the reader is told what an interval is worth."""

HEAD = ("measure", "precision", "recall", "F1", "95 % of F1", "accuracy", "tp", "predicted", "gold")


def text(card: Scorecard) -> str:
    """The table of measures, what was not attempted or is missing, the commonest confusions, the signature."""
    return "\n".join([*_table(card), "", *_notes(card), *_errors(card), signature(card)])


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(card: Scorecard) -> Iterator[str]:
    rows = [
        (_label(name, name.partition(".")[0] in card.cells), *_row(counts, card.intervals[name].f1))
        for name, counts in card.cells.items()
    ]
    widths = [max(len(row[n]) for row in [HEAD, *rows]) for n in range(len(HEAD))]
    heads = ["", *(name.partition(".")[0].partition("[")[0] for name in card.cells)]
    for before, head, row in zip(["", *heads], heads, [HEAD, *rows], strict=False):
        if head != before:
            yield ""
        yield "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]).rstrip()


def _label(name: str, under_headline: bool) -> str:
    """Headlines stand out; a field or a row by value stands under its headline, indented."""
    if "[" in name:
        return "    " + name.partition("[")[2].rstrip("]").replace("=", " = ")
    return "  ." + name.partition(".")[2] if "." in name and under_headline else name


def _row(counts: Counts, f1: Interval | None) -> tuple[str, ...]:
    scores = (counts.precision, counts.recall, counts.f1)
    between = f"{f1.low:.3f}–{f1.high:.3f}" if f1 else "–"
    return (*map(number, scores), between, number(counts.given), f"{counts.tp:g}", str(counts.predicted), str(counts.gold))


def _notes(card: Scorecard) -> Iterator[str]:
    for name, macro in card.macro.items():
        if macro.f1 is not None:
            yield f"mean over documents, {name}: F1 {macro.f1:.3f}"
    if len(card.pages) < FEW:
        yield f"Only {len(card.pages)} pages: the intervals are wide and rough, and small differences mean nothing."
    if not card.cells:
        yield "Nothing was scored: no measure was attempted."
    if card.not_attempted:
        yield f"not attempted, and left out: {', '.join(in_short(card))}"
    yield from remarks(card)
    if card.missing:
        few = ", ".join(card.missing[:5]) + (" …" if len(card.missing) > 5 else "")
        yield f"MISSING, counted as an empty prediction: {len(card.missing)} of {card.signature['documents']} documents ({few})"


def remarks(card: Scorecard) -> Iterator[str]:
    """What the gold leaves open, and what reading the predictions left out or located."""
    for layer, documents in card.unannotated.items():
        yield unannotated(layer, documents, card.signature["documents"])
    for note, times in card.notes.items():
        yield f"reading: {note} ({times})"
    if card.aside:
        one = card.aside == 1
        yield (
            f"{card.aside} predicted name{' is an agency' if one else 's are agencies'} in a dateline, which the scheme leaves "
            f"out: counted neither for nor against"
        )
    if (looks := looks_like(card.cells, str(card.signature["view"]))) is not None:
        yield looks.said
    for view, counts in card.beside.items():
        scores = ", ".join(f"{name} {number(getattr(counts, name))}" for name in ("precision", "recall"))
        yield f"names in the view {view}: F1 {number(counts.f1)}, {scores} ({counts.tp:g} right)"
    yield from cut_off(card)
    yield from confidence(card)


def cut_off(card: Scorecard) -> Iterator[str]:
    """The documents that the system seems to have read in part."""
    for layer, (documents, items, at) in card.cut_off.items():
        few = ", ".join(documents[:3]) + (" …" if len(documents) > 3 else "")
        yield (
            f"CUT OFF? In {len(documents)} documents ({few}) no {layer} are predicted beyond character {at:,} (median), though "
            f"the gold has {items} there: a model may have cut them off at its longest input. Give it long texts in parts."
        )


def confidence(card: Scorecard) -> Iterator[str]:
    """Average precision by layer, and where the threshold of the highest F1 would be; and where one that was used was chosen."""
    split = card.signature.get("split")
    for layer, curve in card.curves.items():
        best = curve.best
        yield (
            f"average precision, {layer}: {curve.average_precision:.3f}; highest F1 {best.f1:.3f} at a score of "
            f"{best.threshold!r} or more, found on {split or 'these documents'}: try it elsewhere by --threshold, --chosen-on"
        )
    if split is not None and card.signature.get("chosen_on") == split:
        yield f"The threshold was chosen on {split}, which is scored here: expect less elsewhere."


def unannotated(layer: str, documents: int, of: int) -> str:
    """What is said of a layer that the gold does not annotate everywhere."""
    if documents == of:
        return f"the gold annotates no {layer}: not scored"
    return f"the gold annotates {layer} in {of - documents} of {of} documents: scored there alone"


def in_short(card: Scorecard) -> Iterator[str]:
    """The measures that were not attempted; a group of which none was is named once."""
    heads = {name.partition(".")[0] for name in card.cells}
    for head in dict.fromkeys(name.partition(".")[0] for name in card.not_attempted):
        if head in heads:
            yield from (name for name in card.not_attempted if name.partition(".")[0] == head)
        else:
            yield f"all of {head}"


def _errors(card: Scorecard) -> Iterator[str]:
    if found := card.commonest_errors():
        yield "commonest errors: " + " · ".join(f"{line} ({times})" for line, times in found)


def signature(card: Scorecard) -> str:
    """Everything that changes the number, in one line."""
    return "signature: " + "|".join(f"{name}:{value}" for name, value in card.signature.items())
