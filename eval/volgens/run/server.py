"""What an OpenAI-compatible server tells of itself before it is asked: that it is there, and how much fits its context."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

PATIENCE = 5.0
"""Seconds for a connection, and for what a server says of itself."""

LIMITS = ("max_model_len", "context_length", "context_window", "max_context_length", "n_ctx")
"""The names under which servers tell the tokens of a model's context."""

BYTES_OF_TOKEN = 8
"""A token of running text is shorter than this under every tokenizer in use, so a count by it refuses nothing that would fit."""


class NoServerError(OSError):
    """Nobody listens at the address."""


class Server:
    """The server at `url` (up to /v1). `limit` is the tokens of the context of `model`, by the server or, where that does not
    tell or tells more, by `context`; None where nobody tells."""

    def __init__(self, url: str, model: str, key: str, context: int | None = None) -> None:
        self.url, self.model, self._key = url, model, key
        self.root = url.removesuffix("/v1")
        self._counts = True
        self.limit = min((limit for limit in (self._limit(), context) if limit is not None), default=None)

    def tokens(self, text: str) -> int:
        """Tokens of a text by the server's tokenizer; where it has none to ask, a number that they are not below."""
        if self._counts:
            asked = {"model": self.model, "prompt": text, "content": text, "input": text}
            for path in ("/tokenize", "/extras/tokenize/count"):
                told = self._get(self.root + path, asked)
                count = told.get("count", told.get("tokens")) if isinstance(told, Mapping) else None
                if isinstance(count, list):
                    return len(count)
                if isinstance(count, int):
                    return count
            self._counts = False
        return len(text.encode()) // BYTES_OF_TOKEN

    def _limit(self) -> int | None:
        listed = self._get(f"{self.url}/models")
        models = listed.get("data") if isinstance(listed, Mapping) else None
        models = [one for one in models if isinstance(one, Mapping)] if isinstance(models, list) else []
        ours = [one for one in models if one.get("id") == self.model] or (models if len(models) == 1 else [])
        settings = self._get(f"{self.root}/props") if not any(_limit_in(one) for one in ours) else None
        generation = settings.get("default_generation_settings") if isinstance(settings, Mapping) else None
        return next((limit for one in (*ours, generation) if (limit := _limit_in(one))), None)

    def _get(self, url: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the server answers; None where it has no such thing. Raises `NoServerError` where there is no server."""
        headers = {"content-type": "application/json", **({"authorization": f"Bearer {self._key}"} if self._key else {})}
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(url, data, headers), timeout=PATIENCE) as answer:
                return json.loads(answer.read())
        except HTTPError:
            return None
        except URLError as error:
            raise NoServerError(str(error.reason)) from None
        except (OSError, ValueError):
            return None


def _limit_in(told: object) -> int | None:
    if not isinstance(told, Mapping):
        return None
    found = [told[name] for name in LIMITS if isinstance(told.get(name), int) and told[name] > 0]
    return found[0] if found else None
