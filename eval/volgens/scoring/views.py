"""A view says which items count: which names, in which documents and segments. `View.parse` and `str` are inverse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from volgens.model.corpora import TYPES
from volgens.model.problem import UnknownName
from volgens.model.schema import enumeration

NAMES = {
    "flat": "outermost names only; a nested name that is right, in a name that is right, counts neither for nor against",
    "nested": "every name, also those inside others",
    "conll2002": "flat, as CoNLL-2002: GPE, LOC and FAC are LOC, NORP, EVENT and MISC are MISC; datelines are left out",
    "sonar": "flat, as SoNaR-1 and Frog: GPE, LOC, FAC and NORP are LOC, `pro` and `misc` are MISC; datelines are left out",
    "ontonotes": "flat, as far as OntoNotes can be read off: MISC, which it divides, is left out",
    "meantime": "every name, for a gold of whole mentions (MEANTIME): GPE, LOC, FAC and NORP are LOC, an ORG may meet a MISC",
}
KINDS = ("article", "teaser")
SEGMENTS = enumeration("segment", "kind")

WITHOUT_DATELINES = ("conll2002", "sonar")
"""Views of corpora that annotate an agency in a dateline, as we do not."""


@dataclass(frozen=True)
class View:
    """Parts are joined by `+`: at most one of `NAMES`, then any document kinds, segment kinds and `page=ID`."""

    names: str = "flat"
    kinds: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> View:
        """Read `conll2002+article+title`. Raises `UnknownName`.

        >>> str(View.parse("title+teaser"))
        'flat+teaser+title'
        """
        parts = text.split("+")
        named = [p for p in parts if p in NAMES]
        pages = tuple(sorted(p.removeprefix("page=") for p in parts if p.startswith("page=")))
        unknown = [p for p in parts if p not in (*NAMES, *KINDS, *SEGMENTS) and not p.startswith("page=")]
        if unknown or len(named) > 1:
            wrong = f"no view {unknown[0]!r}" if unknown else f"{' and '.join(named)} are two views of names"
            raise UnknownName(
                wrong, f"Join with + one of {', '.join(NAMES)} and any of {', '.join((*KINDS, *SEGMENTS))}, page=ID."
            )
        return cls(named[0] if named else "flat", _in_order(parts, KINDS), _in_order(parts, SEGMENTS), pages)

    def __str__(self) -> str:
        return "+".join([self.names, *self.kinds, *self.segments, *(f"page={page}" for page in self.pages)])

    @property
    def is_flat(self) -> bool:
        return self.names not in ("nested", "meantime")

    @property
    def is_loose(self) -> bool:
        """Whether a predicted ORG is read as the MISC that it meets."""
        return self.names == "meantime"

    @property
    def counted_segments(self) -> tuple[str, ...]:
        """The kinds of segment in which items count, empty for all."""
        if self.segments or self.names not in WITHOUT_DATELINES:
            return self.segments
        return tuple(kind for kind in SEGMENTS if kind != "dateline")

    def documents(self, gold: pl.DataFrame) -> pl.DataFrame:
        """The gold's documents that count."""
        if self.kinds:
            gold = gold.filter(pl.col("kind").is_in(self.kinds))
        return gold.filter(pl.col("page").is_in(self.pages)) if self.pages else gold

    def entities(self, table: pl.DataFrame) -> pl.DataFrame:
        """Names with the types of the view; those that it leaves out are gone."""
        types = TYPES.get(self.names)
        if types is None:
            return table
        kept = table.filter(~pl.col("type").is_in([old for old, new in types.items() if new is None]).fill_null(False))
        told = kept.with_columns(pl.col("type").replace({old: new for old, new in types.items() if new is not None}))
        return told.with_columns(role=pl.lit(None, pl.String)) if self.is_loose else told


def _in_order(parts: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    given = set(parts)
    return tuple(name for name in known if name in given)
