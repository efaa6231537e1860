"""Pages written by hand with blocks that are generated: `<!-- generated: name -->` … `<!-- end -->`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from volgens.model.problem import Problem, Where

BLOCK = re.compile(r"(<!-- generated: (?P<name>[a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(page: str, blocks: Mapping[str, str], file: str) -> tuple[str, list[Problem]]:
    """The page with its blocks filled, and which of them it lacks, has too many of, or has that nothing fills."""
    found = Counter(block["name"] for block in BLOCK.finditer(page))
    wrong = [name for name in {**blocks, **found} if found[name] != 1 or name not in blocks]
    hint = f"Keep each of the blocks {', '.join(blocks)} once."
    problems = [Problem(Where(file), "card-block", f"block {name!r} stands there {found[name]} times", hint) for name in wrong]
    return fill_known(page, {**dict.fromkeys(found, ""), **blocks}), problems


def fill_known(page: str, blocks: Mapping[str, str]) -> str:
    """The page with those of its blocks filled that are given; others stay as they are."""
    return BLOCK.sub(lambda m: f"{m[1]}{blocks[m['name']]}\n{m[3]}" if m["name"] in blocks else m[0], page)
