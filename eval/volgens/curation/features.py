"""The dataset's columns, read off the dataclasses: once as a plain Arrow schema, once as the `features` of the dataset card.

Plain means without metadata, with `string` and `list`: such files open in every `datasets` from 3.6 on.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from volgens.model.columns import SPARSE
from volgens.model.documents import Document
from volgens.model.layers.declaration import written

if TYPE_CHECKING:
    import pyarrow as pa

SCALARS = {str: "string", int: "int64", float: "float64", bool: "bool"}

Shape = str | dict[str, Any] | list[Any]
"""A scalar's name, a record's fields, or a list of one shape."""


def shape(hint: Any = Document) -> Shape:
    """The shape of a type: `int` → "int64", `tuple[str, ...]` → ["string"], a dataclass or named tuple → {field: shape}."""
    if hint in SCALARS:
        return SCALARS[hint]
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return {f.name: shape(hints[f.name]) for f in written(hint) if f.name not in SPARSE}
    if hasattr(hint, "_fields"):
        return {name: shape(inner) for name, inner in get_type_hints(hint).items()}
    if get_origin(hint) is tuple:
        return [shape(get_args(hint)[0])]
    if get_origin(hint) in (Union, UnionType):
        [inner] = [inner for inner in get_args(hint) if inner is not NoneType]
        return shape(inner)
    raise TypeError(f"no column for {hint}")


def arrow_schema() -> pa.Schema:
    """The schema of the Parquet files."""
    import pyarrow as pa

    record = _arrow(shape())
    assert isinstance(record, pa.StructType)
    return pa.schema(list(record))


def _arrow(node: Shape) -> pa.DataType:
    import pyarrow as pa

    if isinstance(node, str):
        return {"float64": pa.float64(), "bool": pa.bool_(), "int64": pa.int64(), "string": pa.string()}[node]
    if isinstance(node, list):
        return pa.list_(_arrow(node[0]))
    return pa.struct([pa.field(name, _arrow(inner)) for name, inner in node.items()])


def card_features() -> list[dict[str, Any]]:
    """The `features` of `dataset_info` in a dataset card, as `datasets.Features` writes them."""
    record = shape()
    assert isinstance(record, dict)
    return _card_fields(record)


def _card_fields(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, **_card(inner)} for name, inner in record.items()]


def _card(node: Shape) -> dict[str, Any]:
    if isinstance(node, str):
        return {"dtype": node}
    if isinstance(node, list):
        return {"list": node[0] if isinstance(node[0], str) else _card_fields(node[0])}
    return {"struct": _card_fields(node)}
