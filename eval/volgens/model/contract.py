"""The JSON Schemas (draft 2020-12) of gold and predictions, made from the declarations of the document and its layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from volgens.model.documents import LAYERS, Document, Provenance, Segment
from volgens.model.layers import ALL, Field, Layer
from volgens.model.layers.declaration import declared

Rule = dict[str, Any]

VERSION = 2
STARTS = {"length": 1, "readings": 1}
"""The least value of whole numbers that do not begin at 0."""
PATTERNS = {"slug": "^[a-z0-9]+(-[a-z0-9]+)*$", "hash": "^[0-9a-f]{64}$", "date": r"^\d{4}-\d{2}-\d{2}$"}
PLACE = [{"required": ["start", "end"]}, {"required": ["text"]}]
SURFACE: Rule = {"type": "string", "minLength": 1}
OFFSET: Rule = {"type": "integer", "minimum": 0}
NESTED = ("segments", "places", "agencies", *LAYERS, "provenance")
"""The fields of a document that hold more than one value."""


def gold_schema() -> Rule:
    """One document of the dataset: every field, with null where the declaration allows it."""
    listed = {"type": "array", "items": {"type": "string"}}
    layers: Rule = {layer.name: _list(layer.one, "array", "null") for layer in ALL}
    nested = {"segments": {**_list("segment"), "minItems": 1}, "places": listed, "agencies": listed}
    properties = {
        **_strict(declared(Document, *NESTED)), **nested, **layers, "provenance": {"$ref": "#/$defs/provenance"}
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:volgens:gold:{VERSION}",
        "title": f"Volgens gold document, version {VERSION}",
        "description": "One document of the dataset with its gold. Offsets are Unicode code points into text, end exclusive.",
        **_object(properties, [name for name in properties if name not in layers]),
        "$defs": {
            "span": _object({"start": OFFSET, "end": OFFSET}, ["start", "end"]),
            "segment": _whole(declared(Segment)),
            **{layer.one: _whole(layer.fields) | _needs(layer) for layer in ALL},
            "provenance": _whole(declared(Provenance)),
        },
    }


def prediction_schema() -> Rule:
    """One line of predictions: nothing is needed but the document's id and a place for each item."""
    layers = {layer.name: _list(layer.one, "array", "null") for layer in ALL}
    words = {"type": ["array", "null"], "items": {"type": ["string", "null"]}}
    beside = _lenient(f for f in declared(Document, *NESTED) if f.name != "id")
    nested = {"segments": _list("segment", "array", "null"), "places": words, "agencies": words}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:volgens:prediction:{VERSION}",
        "title": f"Volgens prediction, version {VERSION}",
        "description": "One line of a predictions file: what an extractor says of one document. Every field is optional but the"
        " document's id and a place for each item: start and end, or text to be located.",
        **_object({"id": SURFACE, **layers, **beside, **nested, "provenance": _or_null("provenance")}, ["id"]),
        "$defs": {
            "span": {**_object({"start": OFFSET, "end": OFFSET, "text": SURFACE}, []), "anyOf": PLACE},
            **{layer.one: _predicted(layer) for layer in ALL},
            "segment": _object(_lenient(declared(Segment))),
            "provenance": _object(_lenient(declared(Provenance))),
        },
    }


def _predicted(layer: Layer) -> Rule:
    said = {field.name: _said(field) for field in layer.said}
    place: Rule = {"start": OFFSET, "end": OFFSET, "text": SURFACE} if layer.has_place else {}
    properties = {"id": SURFACE, **place, **said, "score": {"type": ["number", "null"]}}
    return {**_object(properties, []), **({"anyOf": PLACE} if layer.has_place else _needs(layer))}


def _said(field: Field) -> Rule:
    """A field of a predicted item: closed values stay closed, all else is only typed, and null says nothing."""
    if field.kind == "closed":
        return {"enum": [*field.values, None]}
    if field.kind == "span":
        return _or_null("span")
    return _list("span") if field.kind == "spans" else _typed(field.kind)


def _lenient(fields: Iterable[Field]) -> Rule:
    return {field.name: _typed(field.kind) for field in fields}


def _typed(kind: str) -> Rule:
    return {"type": [kind if kind in ("integer", "number", "boolean") else "string", "null"]}


def _strict(fields: Iterable[Field]) -> Rule:
    return {field.name: _exact(field) for field in fields}


def _whole(fields: Iterable[Field]) -> Rule:
    fields = tuple(fields)
    return _object(_strict(fields), [field.name for field in fields if not field.note.sparse])


def _exact(field: Field) -> Rule:
    """A field of the gold."""
    match field.kind:
        case "closed":
            return {"enum": [*field.values, None] if field.nullable else list(field.values)}
        case "integer":
            return {"type": "integer", "minimum": STARTS.get(field.name, 0)}
        case "slug" | "hash" | "date":
            rule = {"type": "string", "pattern": PATTERNS[field.kind]}
            return {"anyOf": [rule, {"type": "null"}]} if field.nullable else rule
        case "span":
            return _or_null("span") if field.nullable else {"$ref": "#/$defs/span"}
        case "spans":
            return _list("span")
        case "string" | "link" if not field.nullable:
            return SURFACE
        case kind:
            plain = "string" if kind == "link" else kind
            return {"type": [plain, "null"] if field.nullable else plain}


def _needs(layer: Layer) -> Rule:
    options = [{"required": [name], "properties": {name: {"minItems": 1}}} for name in layer.needs]
    return {"anyOf": options} if options else {}


def _list(one: str, *types: str) -> Rule:
    return {"type": list(types) if types else "array", "items": {"$ref": f"#/$defs/{one}"}}


def _or_null(name: str) -> Rule:
    return {"anyOf": [{"$ref": f"#/$defs/{name}"}, {"type": "null"}]}


def _object(properties: Mapping[str, Any], required: list[str] | None = None) -> Rule:
    rule = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    return rule if required is None else {**rule, "required": required}


SCHEMAS = {"gold": gold_schema, "prediction": prediction_schema}
