"""What the scheme leaves to nobody: a text that goes on to tell what a source said, without quotation marks or cue (free indirect
speech). Where it ends cannot be seen, so it is not annotated, and `claims` does not see it.
"""

from __future__ import annotations

from collections.abc import Mapping

from volgens.model.documents import Document, Segment, claimants

RUNNING = ("paragraph",)
"""The kinds of segment that speech runs on through; a title's does not go on in the text, and a date says nothing."""


def told_on(document: Document) -> list[str]:
    """The ids of the figures that nobody claims and that may be told on from a source: in text order.

    Such a figure stands outside every content and antecedent, and behind an attribution with a source (a span, or a
    `source_ref`) that ends in the same paragraph or in the paragraph before. Without a text sentences are not known, so it is a
    count of how many there can be at most, not of how many there are.
    """
    paragraphs = dict(enumerate(s for s in document.segments if s.kind in RUNNING))
    spoken = [
        (max(span.end for span in (*a.cue, *a.source, *a.content)), paragraph)
        for a in document.attributions
        if a.source or a.source_ref
        if (paragraph := _holding(paragraphs, (a.cue or a.content)[0].start)) is not None
    ]
    claimed = claimants(document)
    found = []
    for figure in document.figures:
        paragraph = _holding(paragraphs, figure.start)
        if figure.id in claimed or paragraph is None:
            continue
        if any(end <= figure.start and at in (paragraph - 1, paragraph) for end, at in spoken):
            found.append(figure.id)
    return found


def _holding(paragraphs: Mapping[int, Segment], place: int) -> int | None:
    return next((n for n, paragraph in paragraphs.items() if paragraph.start <= place < paragraph.end), None)
