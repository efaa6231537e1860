"""The table of measures: a name, a layer, and what must agree in a pair of items. A measure is data; the arithmetic is `scoring`'s.

What must agree is a polars expression over the table of pairs, which has the gold's fields under their own names, the prediction's
with `_predicted` behind, and what overlap knows (`exact`, `source_dice` …). `measure("figures.unit")` reads a name, `str` prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from volgens.model.layers import ALL, Layer
from volgens.model.problem import UnknownName

HALF = 0.5


def same(field: str) -> pl.Expr:
    """Both give the field, and the same; strings by equality, numbers as numbers."""
    return (pl.col(field) == pl.col(f"{field}_predicted")).fill_null(False)


def same_or_none(field: str) -> pl.Expr:
    return pl.col(field).eq_missing(pl.col(f"{field}_predicted"))


def half(part: str) -> pl.Expr:
    """Dice of the part is at least one half; two empty parts agree."""
    return pl.col(f"{part}_dice").fill_nan(1.0) >= HALF


def whole(part: str) -> pl.Expr:
    return pl.col(f"{part}_dice").fill_nan(1.0) == 1.0


def numbers(tolerance: float) -> pl.Expr:
    """Value, minimum and maximum are equal, or off by no more than `tolerance` of the gold's; vague ones share the magnitude."""
    exact = pl.all_horizontal(same_or_none(name) for name in ("value", "min", "max"))
    close = pl.all_horizontal(_close(name, tolerance) for name in ("value", "min", "max")) if tolerance else pl.lit(False)
    magnitude = pl.col("min").log10().floor() == pl.col("min_predicted").log10().floor()
    return exact | close | ((pl.col("bound") == "vague") & (pl.col("bound_predicted") == "vague") & magnitude).fill_null(False)


def _close(name: str, tolerance: float) -> pl.Expr:
    gap = (pl.col(name) - pl.col(f"{name}_predicted")).abs()
    return (gap <= tolerance * pl.col(name).abs()).fill_null(pl.col(name).is_null() & pl.col(f"{name}_predicted").is_null())


EXACT = pl.col("exact")
PAIRED = pl.lit(True)
NUMBERS = numbers(0.0)
QUANTITY = (same("bound"), NUMBERS, same("unit"))
COUNTED = (
    (pl.col("counted_start_predicted") <= pl.col("head_start"))
    & (pl.col("counted_end_predicted") >= pl.col("head_end"))
    & (2 * pl.col("counted_shared") >= pl.col("counted_end_predicted") - pl.col("counted_start_predicted"))
).fill_null(False)
COUNTED_EXACT = same("counted_start") & same("counted_end")


@dataclass(frozen=True)
class Measure:
    """One line of the table.

    `agree`: expressions over the pairs that must all hold for a true positive. `carried`: the fields that an item must carry to
    count at all, on either side. `fields`: the fields without which the measure is not attempted (`a|b`: any of them; of another
    layer: with its name). `over`: the kind
    of evidence (`evidence.Evidence`), the layer itself unless it says otherwise. `partial`: what must agree for half a true positive.
    `only_given`: not attempted unless the predictions give the fields, whatever the gold has: fields that are seldom there.
    """

    name: str
    layer: str
    agree: tuple[pl.Expr, ...]
    description: str
    carried: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    over: str = ""
    partial: tuple[pl.Expr, ...] = ()
    only_given: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> str:
        """The kind of evidence that it is a measure over."""
        return self.over or self.layer

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that the gold must annotate in a document for it to count."""
        others = (field.partition(".")[0] for field in self.fields if "." in field)
        return tuple(dict.fromkeys([self.layer, *others]))

    @property
    def credit(self) -> pl.Expr:
        """What a pair adds to the true positives: 1, one half, or 0."""
        full = pl.when(self.agrees).then(1.0)
        return (full.when(pl.all_horizontal(*self.partial)).then(0.5) if self.partial else full).otherwise(0.0)

    @property
    def counts(self) -> pl.Expr:
        """Whether an item counts at all: it carries the fields that the measure is about."""
        return pl.all_horizontal(pl.lit(True), *(pl.col(name).is_not_null() for name in self.carried))

    @property
    def either(self) -> pl.Expr:
        """Whether a side of a pair carries the fields."""
        other = pl.all_horizontal(pl.lit(True), *(pl.col(f"{name}_predicted").is_not_null() for name in self.carried))
        return self.counts | other

    @property
    def agrees(self) -> pl.Expr:
        """Whether a pair is a true positive: both sides carry the fields, and all that must agree does."""
        other = (pl.col(f"{name}_predicted").is_not_null() for name in self.carried)
        return pl.all_horizontal(*self.agree, self.counts, *other)


WRITTEN = (
    Measure("entities", "entities", (EXACT, same("type")), "the name's span and type are right", fields=("type",)),
    Measure("entities.span", "entities", (EXACT,), "the name's span is right, whatever its type"),
    Measure("entities.overlap", "entities", (PAIRED,), "the name is found, at least a character of it"),
    Measure("entities.type", "entities", (same("type"),), "the name is found and its type is right", fields=("type",)),
    Measure("entities.role", "entities", (same("role"),), "a GPE is found and is rightly actor or place", ("role",), ("role",)),
    Measure("entities.ref", "entities", (pl.col("ref_same"),), "the name is found and refers to the right thing of its document, by any spelling", ("ref",), ("ref",)),
    Measure("entities.link", "entities", (same("link"),), "the name is found, and its thing is called as over all documents: slug, listed alias or Wikidata id", ("link",), ("ref",)),
    Measure("entities.names", "entities", (PAIRED,), "the document's names, each once with its type; no offsets needed", over="entities@set"),
    Measure("figures", "figures", QUANTITY, "the figure is found; bound, numbers and unit are right", fields=("bound", "unit")),
    Measure("figures.span", "figures", (EXACT,), "the figure's span is right"),
    Measure("figures.overlap", "figures", (PAIRED,), "the figure is found, at least a character of it"),
    Measure("figures.bound", "figures", (same("bound"),), "found, and rightly a point, minimum, maximum, range or vague", ("bound",), ("bound",)),
    Measure("figures.value", "figures", (NUMBERS,), "found, and value, min and max are right", ("number",), ("value|min|max",)),
    Measure("figures.unit", "figures", (same("unit"),), "found, and its unit is right", ("unit",), ("unit",)),
    Measure("figures.approx", "figures", (same("approx"),), "found, and rightly approximate or not", ("approx",), ("approx",)),
    Measure("figures.kind", "figures", (same("kind"),), "found, and its kind is right", ("kind",), ("kind",)),
    Measure("figures.change", "figures", (same("change"),), "found, and rightly a rise or a fall by so much", ("change",), ("change",), only_given=True),
    Measure("figures.counted", "figures", (COUNTED,), "found, and what is counted covers the head noun", ("counted_start",), ("counted",)),
    Measure("figures.counted.exact", "figures", (COUNTED_EXACT,), "found, and what is counted is right to the character", ("counted_start",), ("counted",)),
    Measure("figures.part_of", "figures", (pl.col("part_of_same"),), "found, and part of the right figure", ("part_of_row",), ("part_of",)),
    Measure("figures.quantities", "figures", (PAIRED,), "the document's quantities (bound, numbers, unit), each once; no offsets needed", fields=("bound",), over="figures@set"),
    Measure("attributions", "attributions", (half("source"), half("content")), "source and content are right by half or more", fields=("source", "content")),
    Measure("attributions.found", "attributions", (PAIRED,), "the attribution is found: its cue or its content overlaps"),
    Measure("attributions.quotations", "attributions", (PAIRED,), "a free-standing quotation, which has no cue, is found by its content", ("quotation",), ("cue", "quotation"), only_given=True),
    Measure("attributions.source", "attributions", (half("source"),), "found, and the source is right by half or more", ("source",), ("source",)),
    Measure("attributions.source.exact", "attributions", (whole("source"),), "found, and the source is right to the character", ("source",), ("source",)),
    Measure("attributions.cue", "attributions", (half("cue"),), "found, and the cue is right by half or more", ("cue",), ("cue",)),
    Measure("attributions.cue.exact", "attributions", (whole("cue"),), "found, and the cue is right to the character", ("cue",), ("cue",)),
    Measure("attributions.content", "attributions", (half("content"),), "found, and the content is right by half or more", ("content",), ("content",)),
    Measure("attributions.content.exact", "attributions", (whole("content"),), "found, and the content is right to the character", ("content",), ("content",)),
    Measure("attributions.antecedent", "attributions", (half("antecedent"),), "found, and what `dat` stands for is right by half or more", ("antecedent",), ("antecedent",)),
    Measure("attributions.kind", "attributions", (same("kind"),), "found, and rightly assertion, belief or fact", ("kind",), ("kind",)),
    Measure("attributions.stance", "attributions", (same("stance"),), "found, and the stance of the source is right", ("stance",), ("stance",)),
    Measure("attributions.hedged", "attributions", (same("hedged"),), "found, and rightly hedged or not", ("hedged",), ("hedged",)),
    Measure("attributions.source_kind", "attributions", (same("source_kind"),), "found, and the kind of source is right", ("source_kind",), ("source_kind",)),
    Measure("attributions.source_ref", "attributions", (pl.col("source_ref_same"),), "found, and the source refers to the right thing of its document, by any spelling", ("source_ref",), ("source_ref",)),
    Measure("attributions.parent", "attributions", (pl.col("parent_same"),), "found, and it stands within the right attribution", ("parent_row",), ("parent",)),
    Measure("attributions.speakers", "attributions", (PAIRED,), "who says something in the document, each once with the stance, called as `entities.link` asks; no offsets needed", fields=("source_ref",), over="attributions@set"),
    Measure("claims", "figures", (*QUANTITY, pl.col("claim_dice").fill_nan(1.0) >= HALF), "a figure is right and so is the source that claims it: who says how many; free indirect speech is claimed by nobody", ("claimant",), ("bound", "unit", "attributions.content")),
    Measure("claims.quantities", "figures", (PAIRED,), "who (called as `entities.link` asks) gives which quantity in the document, each once; no offsets needed", fields=("bound", "attributions.source_ref", "attributions.content"), over="claims@set"),
    Measure("semeval.strict", "entities", (EXACT, same("type")), "SemEval-2013 strict: exact span and type", fields=("type",), over="entities@strict"),
    Measure("semeval.exact", "entities", (EXACT,), "SemEval-2013 exact: exact span", over="entities@exact"),
    Measure("semeval.partial", "entities", (EXACT,), "SemEval-2013 partial: exact span, or half for any overlap", over="entities@exact", partial=(PAIRED,)),
    Measure("semeval.type", "entities", (same("type"),), "SemEval-2013 type: any overlap and type", fields=("type",), over="entities@type"),
)  # fmt: skip


def declared(layer: Layer) -> Iterator[Measure]:
    """The measures of a layer of which nothing is written here: place and label, and each of its fields."""
    label, one = layer.type, layer.one
    yield Measure(layer.name, layer.name, (EXACT, same(label)), f"the {one}'s span and {label} are right", fields=(label,))
    yield Measure(f"{layer.name}.span", layer.name, (EXACT,), f"the {one}'s span is right")
    yield Measure(f"{layer.name}.overlap", layer.name, (PAIRED,), f"the {one} is found, at least a character of it")
    for field in layer.said:
        if field.kind not in ("span", "spans", "link"):
            agree, words = (same(field.name),), f"found, and its {field.label} is right"
            yield Measure(f"{layer.name}.{field.name}", layer.name, agree, words, (field.name,), (field.name,))


FURTHER = tuple(layer for layer in ALL if all(m.layer != layer.name for m in WRITTEN))
TABLE = (*WRITTEN, *(measure for layer in FURTHER for measure in declared(layer)))
"""The measures that `volgens score` prints, in this order."""

NAMES: Mapping[str, Measure] = {m.name: m for m in TABLE}

NEED_NUMBERS = tuple(m.name for m in TABLE if any(rule is NUMBERS for rule in m.agree))

HEADLINES = (*(layer.name for layer in ALL), "claims")

GROUPS: Mapping[str, tuple[str, ...]] = {
    "entities": ("type",),
    "figures": ("kind", "bound"),
    "attributions": ("kind", "source_kind"),
    **{layer.name: (layer.type,) for layer in FURTHER},
}
"""The fields by whose values the headline measure of a layer is broken down."""


def measure(name: str) -> Measure:
    """The measure of that name. Raises `UnknownName` with the nearest names."""
    if name not in NAMES:
        raise UnknownName(f"no measure {name!r}; {nearest(name, NAMES)}")
    return NAMES[name]


def nearest(name: str, known: Iterable[str]) -> str:
    """The names most like `name`, as a question, or where all stand."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "`volgens measures` lists them"


def tolerant(measure: Measure, tolerance: float) -> Measure:
    """The measure with numbers that may be off by `tolerance` of the gold's (0.01: one percent)."""
    lenient = numbers(tolerance)
    return replace(measure, agree=tuple(lenient if rule is NUMBERS else rule for rule in measure.agree))


def needs_numbers(measure: Measure) -> bool:
    """Whether it compares numbers, so that a tolerance changes it."""
    return measure.name in NEED_NUMBERS if measure.name in NAMES else any(rule is NUMBERS for rule in measure.agree)


def select(names: str | Iterable[str | Measure] | None) -> tuple[Measure, ...]:
    """Measures by name, each once, all of the table for None; one string may join names by commas. A `Measure` of one's own stays
    what it is. Raises `UnknownName`.
    """
    if names is None:
        return TABLE
    given = [name.strip() for name in names.split(",") if name.strip()] if isinstance(names, str) else list(names)
    if not given:
        raise UnknownName("no measure is named; `volgens measures` lists them")
    found = [measure(name.strip()) if isinstance(name, str) else name for name in given]
    return tuple({m.name: m for m in found}.values())
