"""Extractors that behave and misbehave, for tests/test_extract_run.py."""

from __future__ import annotations

import os
import time
from pathlib import Path


def first_letter(text):
    return {"entities": [{"start": 0, "end": 1, "type": "PER"}]}


def moody(text):
    print("printed by the extractor")
    if text == "raises":
        raise ValueError("no good")
    if text == "exits":
        os._exit(3)
    if text == "hangs":
        time.sleep(60)
    return {
        "label": {"entities": [{"start": 0, "end": 1, "type": "PERSON"}]},
        "beyond": {"entities": [{"start": 0, "end": 99, "type": "PER"}]},
        "object": {"entities": [{"start": 0, "end": 1, "type": object()}]},
        "infinite": {"figures": [{"start": 0, "end": 1, "value": float("inf")}]},
        "nothing": {},
        "list": [],
        "other": {"id": "somebody-else", "entities": []},
    }.get(text, {"entities": []})


def flaky(text):
    """Fails the first time that it sees a text."""
    seen = Path(os.environ["FLAKY_FOLDER"]) / text
    if not seen.exists():
        seen.touch()
        raise RuntimeError("not yet")
    return {"entities": []}


def slow(text):
    time.sleep(0.01)
    return {"figures": [{"start": 0, "end": len(text), "kind": "count"}]}


def in_batches(texts: list[str]):
    if any(text == "raises" for text in texts):
        raise ValueError("no good")
    return [{"entities": [], "figures": [{"start": 0, "end": 1, "value": len(texts)}]} for _ in texts]


in_batches.batch_size = 4


def declared(texts):
    return [{"entities": []}] * len(texts)


declared.batch = True


def warmed(text):
    """Knows how often it was warmed up before its first text."""
    return {"figures": [{"start": 0, "end": 1, "value": len(WARM)}]}


WARM = []
warmed.warm_up = lambda: (time.sleep(1), WARM.append(1))


def foreign(text):
    """Labels that ours lacks, a layer beside them, and one text that fails."""
    if "zwijgt" in text:
        raise ValueError("not this one")
    return {"entities": [{"start": 0, "end": 1, "type": "PERSON"}], "figures": []}


def endless(text):
    time.sleep(0 if text == "Eerst." else 60)
    return {"entities": []}
