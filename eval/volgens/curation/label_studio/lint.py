"""What neither the server nor the SDK finds wrong with a labelling configuration."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from xml.etree import ElementTree

from volgens.curation.label_studio.colours import closest
from volgens.model.problem import Problem, Where
from volgens.readers.label_studio.form import CONTROL, FIELDS, LABELS, OBJECT, RELATION_NAMES

Element = ElementTree.Element

_SHOWN = {"visibleWhen", "whenLabelValue", "whenTagName", "whenChoiceValue"}
_REGION = {"name", "toName", "perRegion", "required", "requiredMessage"} | _SHOWN
TAGS = {
    "View": {"className", "style"} | _SHOWN,
    "Style": set[str](),
    "Header": {"value", "size"},
    "Text": {"name", "value", "granularity", "showLabels", "saveTextResult"},
    "Relations": {"choice"},
    "Relation": {"value", "background"},
    "Labels": {"name", "toName", "choice", "showInline"},
    "Label": {"value", "hotkey", "background", "granularity", "hint"},
    "Choices": {"choice", "showInline"} | _REGION,
    "Choice": {"value", "alias", "hotkey", "hint"},
    "TextArea": {"maxSubmissions", "rows", "editable", "placeholder"} | _REGION,
}
"""The tags of Label Studio that this form uses, with their attributes."""

EDITOR_KEYS = {"u", "enter", "escape", "backspace", "delete", "alt+r", "alt+h", "alt+l", "alt+m", "ctrl+enter", "ctrl+space"}
"""Keys that the editor keeps for itself."""

APART = 15
"""The least distance (CIE 1976) between two labels' colours, for normal vision and for each dichromacy."""


def lint(config: str, file: str | None = None) -> list[Problem]:
    """Every fault of a labelling configuration, by this list and by the SDK's own check."""
    try:
        root = ElementTree.fromstring(config)
    except ElementTree.ParseError as error:
        return [Problem(Where(file), "not-xml", str(error), "Make it well-formed XML.")]
    checks = (_tags, _names, _conditions, _hotkeys, _colours, _form)
    found = [Problem(Where(file, field=f), i, m, c) for check in checks for f, i, m, c in check(root)]
    return found or list(_by_the_sdk(config, file))


Finding = tuple[str, str, str, str]


def _tags(root: Element) -> Iterator[Finding]:
    for tag in root.iter():
        if tag.tag not in TAGS:
            yield tag.tag, "unknown-tag", f"<{tag.tag}> is not drawn", _nearest(tag.tag, TAGS)
            continue
        for name in sorted(set(tag.attrib) - TAGS[tag.tag]):
            yield _place(tag), "unknown-attribute", f"{name}= has no effect on <{tag.tag}>", _nearest(name, TAGS[tag.tag])


def _names(root: Element) -> Iterator[Finding]:
    for name, times in Counter(_names_of(root)).items():
        if times > 1:
            yield name, "duplicate-name", f"{times} controls are called {name!r}", "Give every control a name of its own."
    for control in root.iter():
        if control.get("toName") not in (None, OBJECT):
            yield _place(control), "unknown-object", f"toName={control.get('toName')!r} names nothing", f"Write {OBJECT!r}."
        if control.tag not in ("Labels", "Choices", "Relations"):
            continue
        for value, times in Counter(_values(control)).items():
            if times > 1:
                yield _place(control), "duplicate-value", f"{value!r} occurs {times} times", "Give every label and choice once."


def _conditions(root: Element) -> Iterator[Finding]:
    values = {tag.get("name"): set(_values(tag)) for tag in root.iter("Choices")}
    for tag in root.iter():
        for label in _listed(tag.get("whenLabelValue")):
            if label not in LABELS:
                yield _place(tag), "unknown-condition", f"whenLabelValue names {label!r}", _nearest(label, LABELS)
        control = tag.get("whenTagName")
        if control is not None and control not in values:
            yield _place(tag), "unknown-condition", f"whenTagName names {control!r}", _nearest(control, filter(None, values))
        for choice in _listed(tag.get("whenChoiceValue")):
            if choice not in values.get(control, ()):
                yield _place(tag), "unknown-condition", f"whenChoiceValue names {choice!r}", f"Use a choice of {control}."


def _hotkeys(root: Element) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for tag in root.iter():
        if tag.tag not in ("Label", "Choice"):
            continue
        key, name = (tag.get("hotkey") or "").lower(), _place(tag)
        if not key:
            yield name, "no-hotkey", "the editor will pick a hotkey of its own", "Give it a hotkey."
        elif key in EDITOR_KEYS:
            yield name, "editor-hotkey", f"{key!r} belongs to the editor", "Take another key."
        elif owners.setdefault(key, name) != name:
            yield name, "duplicate-hotkey", f"{key!r} is also the key of {owners[key]}", "Take another key."


def _colours(root: Element) -> Iterator[Finding]:
    colours = {tag.get("value", ""): tag.get("background", "") for tag in root.iter("Label")}
    wrong = [name for name, colour in colours.items() if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour)]
    for name in wrong:
        yield name, "no-colour", f"background is {colours.pop(name)!r}", "Write it as #rrggbb."
    if len(colours) > 1:
        apart, one, other = closest(colours)
        if apart < APART:
            message = f"as close to {other} as {apart:.0f} for some colour-blind readers"
            yield one, "colours-alike", message, f"Keep at least {APART} between any two labels."


def _form(root: Element) -> Iterator[Finding]:
    """Does the configuration offer just what the form reads?"""
    given = {tag.get("name", ""): tag for tag in root.iter() if tag.get("toName")}
    for name in sorted({CONTROL, *FIELDS} - set(given)):
        yield name, "form-differs", f"no control {name!r}", "Add it, or take it out of the form."
    for name in sorted(set(given) - {CONTROL, *FIELDS}):
        yield name, "form-differs", f"the form knows no control {name!r}", "Remove it, or add it to the form."
    wanted = {CONTROL: ("Labels", LABELS)} | {f.name: (f.type.capitalize(), f.values) for f in FIELDS.values()}
    for name, (kind, values) in wanted.items():
        tag = given.get(name)
        if tag is not None and (tag.tag.capitalize() != kind or set(_values(tag)) != set(values)):
            yield name, "form-differs", f"{_tag_and_values(tag)} instead of {kind} {', '.join(values)}", "Make the two agree."
        if tag is not None and name in FIELDS and tag.get("perRegion") != "true":
            yield name, "form-differs", "the field is not perRegion", 'Write perRegion="true".'
    found = {tag.get("value") for tag in root.iter("Relation")}
    if found != set(RELATION_NAMES):
        differing = ", ".join(sorted(str(x) for x in found ^ set(RELATION_NAMES)))
        yield "Relations", "form-differs", f"{differing} only in one of configuration and form", "Make the two agree."


def _tag_and_values(tag: Element) -> str:
    return f"{tag.tag} {', '.join(_values(tag))}".strip()


def _by_the_sdk(config: str, file: str | None) -> Iterator[Problem]:
    from label_studio_sdk.label_interface.interface import LabelInterface

    try:
        LabelInterface(config).validate()  # type: ignore[no-untyped-call]
    except Exception as error:
        yield Problem(Where(file), "sdk", str(error)[:200], "Correct what the Label Studio SDK refuses.")


def _names_of(root: Element) -> list[str]:
    return [tag.attrib["name"] for tag in root.iter() if "name" in tag.attrib]


def _values(control: Element) -> list[str]:
    """What the labels, choices or relations directly under a control are saved as."""
    return [str(tag.get("alias") or tag.get("value")) for tag in control.iter() if tag.tag in ("Label", "Choice", "Relation")]


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(",")] if text else []


def _place(tag: Element) -> str:
    return tag.get("alias") or tag.get("name") or tag.get("value") or tag.tag


def _nearest(name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"Did you mean `{close[0]}`?" if close else f"Use one of {', '.join(known)}."
