"""What of a page may have been read otherwise than it was meant: told, and in the way of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from volgens.curation.pages import normalise, parse_page
from volgens.curation.profile import DEFAULT, LOOKS, Profile
from volgens.model.problem import Problem, Where


def doubts(raw: bytes | str, file: str | None = None, profile: Profile = DEFAULT) -> list[Problem]:
    """What of a page may have been read otherwise than it was meant: an article without a dateline, and lines that look like no
    paragraph and of which the profile does not say what they are. Raises as `parse_page` does."""
    page = normalise(raw, file)
    documents = parse_page(page, "", "", "", file, profile)
    found: list[Problem] = []
    at = 0
    for document in documents:
        at = page.index(str(document.text), at)
        for segment in document.segments:
            line = page.count("\n", 0, at + segment.start) + 1
            found += _doubt(Where(file, line), str(document.text)[segment.start : segment.end], segment.kind)
        if document.kind == "article" and all(segment.kind != "dateline" for segment in document.segments):
            line = page.count("\n", 0, at + document.segments[min(1, len(document.segments) - 1)].start) + 1
            hint = "Leave it so; or say what a dateline is in a profile."
            found.append(Problem(Where(file, line), "no-dateline", "the article has no dateline: no places, no agencies", hint))
        at += document.length
    return found


def _doubt(where: Where, line: str, kind: str) -> Iterator[Problem]:
    looks = LOOKS.kind(line)
    if looks and kind in ("paragraph", "subheading"):
        hint = f"Leave it so; or write `{looks[0]} = true` under [kinds] in a profile (annotations/README.md)."
        yield Problem(where, "unusual-line", f"the line looks like a {looks[0]}, and is read as a {kind}", hint)
