"""How a layer is declared: a frozen dataclass for its items, each field with what its type cannot say, and a `Layer` about it.

The kind of a field is read off its annotation: `str` is a string, `float` a number, `bool` a boolean, `Span` a span,
`tuple[Span, ...]` spans; `Annotated[str, Closed(…)]` has closed values, `Annotated[str | None, Link()]` leads to another item of
the layer, `Annotated[str | None, Slug()]` is a name for a thing. A field that may be None may be null in the gold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from dataclasses import Field as DataclassField
from functools import cached_property
from types import MappingProxyType, NoneType
from typing import Any, Literal, NamedTuple, get_args, get_type_hints

Kind = Literal["string", "closed", "slug", "link", "date", "hash", "integer", "number", "boolean", "span", "spans"]

PREDICTED = ("text", "score")
"""Fields that only a predicted item has: a string in place of offsets, and how sure the extractor is."""

APART = MappingProxyType({"written": False})
"""Metadata of a field of a dataclass that is no field of its plain form."""


class Span(NamedTuple):
    """A stretch of text, `text[start:end]`."""

    start: int
    end: int

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def cut(self, text: str) -> str:
        return text[self.start : self.end]


KINDS: Mapping[Any, Kind] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    Span: "span",
    tuple[Span, ...]: "spans",
}


@dataclass(frozen=True, slots=True)
class Note:
    """What the type of a field cannot say. `kind` in place of the type's; `label`: how the field is called where people read it.

    `required`: never null in the gold, though the class allows None. `sparse`: written only where it is given, so that files from
    before the field was added stay what they are. `implied`: the values that another field implies where this one is not given.
    `control`: the name of its control in the annotation form, the field's own unless it says otherwise.
    """

    kind: Kind | None = None
    values: tuple[str, ...] = ()
    label: str = ""
    required: bool = False
    sparse: bool = False
    implied: tuple[str, Mapping[str, str]] | None = None
    control: str = ""


def Closed(*values: str, **more: Any) -> Note:  # noqa: N802 - reads as a type
    """One of these values."""
    return Note("closed", values, **more)


def Slug(**more: Any) -> Note:  # noqa: N802
    """A name for a thing, in small letters, digits and hyphens, the same over all documents."""
    return Note("slug", **more)


def Link(**more: Any) -> Note:  # noqa: N802
    """The id of another item of the same layer and document."""
    return Note("link", **more)


@dataclass(frozen=True, slots=True)
class Field:
    """A field as declared. `nullable`: the gold may have null there."""

    name: str
    kind: Kind
    nullable: bool
    default: Any
    note: Note = Note()

    @property
    def values(self) -> tuple[str, ...]:
        """The closed values, empty where any will do."""
        return self.note.values

    @property
    def label(self) -> str:
        return self.note.label or self.name.replace("_", " ")


def written(item: Any) -> tuple[DataclassField[Any], ...]:
    """The fields of a dataclass that its plain form has."""
    return tuple(f for f in fields(item) if f.metadata.get("written", True))


def declared(item: type, *left_out: str) -> tuple[Field, ...]:
    """The fields of a dataclass, in their order. Raises KeyError for a type that has no kind."""
    hints = get_type_hints(item, include_extras=True)
    return tuple(_field(f.name, hints[f.name], f.default) for f in written(item) if f.name not in left_out)


def _field(name: str, hint: Any, default: Any) -> Field:
    note = next((m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Note)), Note())
    bare = hint.__origin__ if hasattr(hint, "__metadata__") else hint
    options = [option for option in get_args(bare) if option is not NoneType] if NoneType in get_args(bare) else [bare]
    nullable = NoneType in get_args(bare) and not note.required
    return Field(name, note.kind or KINDS[options[0]], nullable, None if default is MISSING else default, note)


@dataclass(frozen=True)
class Layer:
    """A layer of annotation.

    `name`: the field of a document. `item`: the dataclass of its items. `one`: the word for one item. `order`: its place among
    the layers. `type`: the field that exact agreement prefers and that labels an item. `key`: the fields that no two items of a
    document share. `placed_by`: the parts by which an item without `start` and `end` is placed and paired, the first that it
    has. `needs`: one of these must hold a span. `told`: the order in which its parts are told, that of the class unless it says
    otherwise. `labels`: the label of a region in the annotation form, by field (`""`: the item itself; `{type}`: one label for
    each value of the type).
    """

    name: str
    item: type
    one: str
    order: int
    type: str
    key: tuple[str, ...]
    placed_by: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    labels: Mapping[str, str] | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return declared(self.item)

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        """The names of the fields of these kinds, in their order."""
        return tuple(field.name for field in self.fields if field.kind in kinds)

    @property
    def has_place(self) -> bool:
        """Whether an item is itself a stretch of text, with `start` and `end`."""
        return "start" in self._by_name

    @property
    def spans(self) -> tuple[str, ...]:
        """The fields that hold one span or none, beside the item's own."""
        return self.of_kind("span")

    @property
    def parts(self) -> tuple[str, ...]:
        """The fields that hold any number of spans."""
        return self.told or self.of_kind("spans")

    @property
    def link(self) -> str | None:
        """The field that leads to another item of the layer."""
        return next(iter(self.of_kind("link")), None)

    @property
    def closed(self) -> tuple[str, ...]:
        return self.of_kind("closed")

    @property
    def numbers(self) -> tuple[str, ...]:
        return self.of_kind("number")

    @property
    def said(self) -> tuple[Field, ...]:
        """What is said of an item: its fields without id and place."""
        return tuple(field for field in self.fields if field.name not in ("id", "start", "end"))

    def read_all(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
        return tuple(self.read(row) for row in rows)

    def read(self, row: Mapping[str, Any]) -> Any:
        """An item from its plain form; a field that is absent has its default, what only predictions have is left aside."""
        said = {name: value for name, value in row.items() if name not in PREDICTED}
        return self.item(**{name: _read(self._by_name[name].kind, value) for name, value in said.items()})

    def plain(self, item: Any) -> dict[str, Any]:
        """The inverse of `read`: numbers, strings, dictionaries and lists."""
        values = ((field, getattr(item, field.name)) for field in self.fields)
        return {field.name: _plain(value) for field, value in values if value is not None or not field.note.sparse}


def _read(kind: Kind, value: Any) -> Any:
    if kind == "spans":
        return tuple(Span(piece["start"], piece["end"]) for piece in value or ())
    return Span(value["start"], value["end"]) if kind == "span" and value is not None else value


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return {"start": value.start, "end": value.end}
    return [_plain(piece) for piece in value] if isinstance(value, tuple) else value
