"""Bracketed tags, with which names may nest: `(ORG`, `ORG`, `ORG)` and `(ORG)`, `|` between those of several names at one token,
`_`, `-` or `O` for none. So are the names of the CLIN26 shared task, and coreference since CoNLL-2011.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

ONE = r"\(?[\w.-]+\)?"
TAG = re.compile(rf"{ONE}(?:\|{ONE})*")
NOTHING = ("_", "-", "O")


class Named(NamedTuple):
    """A name of a sentence: its type, and the numbers of its tokens in order."""

    type: str
    at: list[int]


def nested(cells: Sequence[str]) -> tuple[list[Named], list[tuple[int, str]]]:
    """The names of one sentence in the order in which they end, from a cell a token; and what is wrong: the number of a token
    and why.

    The tags of a cell stand in no fixed order; of two open names of one type the later is closed first.

    >>> nested(["(ORG|(LOC)", "ORG)"])
    ([Named(type='LOC', at=[0]), Named(type='ORG', at=[0, 1])], [])
    """
    opened: list[Named] = []
    closed: list[Named] = []
    wrong = []
    for n, cell in enumerate(cells):
        going = list(reversed(opened))
        for tag in () if cell in NOTHING else cell.split("|"):
            kind = tag.strip("()")
            if tag.startswith("("):
                name = Named(kind, [n])
                opened.append(name)
            elif (known := next((o for o in going if o.type == kind), None)) is not None:
                going = [o for o in going if o is not known]
                known.at.append(n)
                name = known
            else:
                wrong.append((n, f"{tag} without a name {kind} that is open"))
                continue
            if tag.endswith(")"):
                opened = [o for o in opened if o is not name]
                closed.append(name)
    wrong += [(o.at[0], f"({o.type} is not closed within its sentence") for o in opened]
    return closed, wrong
