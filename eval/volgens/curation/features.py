"""The dataset's columns, read off the dataclasses: once as a plain Arrow schema, once as the `features` of the dataset card.

Plain means without metadata, with `string` and `list`: such files open in every `datasets` from 3.6 on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from volgens.model.columns import SPARSE
from volgens.model.documents import Document
from volgens.model.layers import ALL
from volgens.model.layers.declaration import written

if TYPE_CHECKING:
    import pyarrow as pa

SCALARS = {str: "string", int: "int64", float: "float64", bool: "bool"}

Shape = str | dict[str, Any] | list[Any]
"""A scalar's name, a record's fields, or a list of one shape."""


def given_sparse(documents: Iterable[Document]) -> frozenset[str]:
    """The sparse fields that some item of the documents has: only then is there a column for them."""
    items = [item for document in documents for layer in ALL for item in getattr(document, layer.name)]
    return frozenset(name for name in SPARSE if any(getattr(item, name, None) is not None for item in items))


def shape(hint: Any = Document, given: Collection[str] = ()) -> Shape:
    """The shape of a type: `int` → "int64", `tuple[str, ...]` → ["string"], a dataclass or named tuple → {field: shape}. Of the
    sparse fields those `given`.
    """
    if hint in SCALARS:
        return SCALARS[hint]
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return {f.name: shape(hints[f.name], given) for f in written(hint) if f.name not in SPARSE or f.name in given}
    if hasattr(hint, "_fields"):
        return {name: shape(inner, given) for name, inner in get_type_hints(hint).items()}
    if get_origin(hint) is tuple:
        return [shape(get_args(hint)[0], given)]
    if get_origin(hint) in (Union, UnionType):
        [inner] = [inner for inner in get_args(hint) if inner is not NoneType]
        return shape(inner, given)
    raise TypeError(f"no column for {hint}")


def arrow_schema(given: Collection[str] = ()) -> pa.Schema:
    """The schema of the Parquet files, with the sparse fields `given`."""
    import pyarrow as pa

    record = _arrow(shape(given=given))
    assert isinstance(record, pa.StructType)
    return pa.schema(list(record))


def _arrow(node: Shape) -> pa.DataType:
    import pyarrow as pa

    if isinstance(node, str):
        return {"float64": pa.float64(), "bool": pa.bool_(), "int64": pa.int64(), "string": pa.string()}[node]
    if isinstance(node, list):
        return pa.list_(_arrow(node[0]))
    return pa.struct([pa.field(name, _arrow(inner)) for name, inner in node.items()])


def card_features(given: Collection[str] = ()) -> list[dict[str, Any]]:
    """The `features` of `dataset_info` in a dataset card, as `datasets.Features` writes them."""
    record = shape(given=given)
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
