"""One question to a chat endpoint, and what came of it: a reply, or a failure that says whether asking again can help.

The server is asked for structured output by the answer's JSON Schema; if it does not take that, for a JSON object; if not that
either, for nothing.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.run.server import PATIENCE

FORMATS = ("json_schema", "json_object", "none")
SUSPECTED = 2
"""Documents that must fail with a form of answer and succeed with less before it is given up."""

RETRIED = (408, 409, 425, 429)
"""The statuses below 500 after which the same request may succeed."""

ABOUT_FORMAT = ("response_format", "json_schema", "json_object", "schema", "structured", "grammar")
ABOUT_CONTEXT = (
    "context length", "context window", "context_length", "context size", "maximum context", "n_ctx", "too many tokens",
    "prompt is too long", "input is too long",
)  # fmt: skip
SMALL_CONTEXT = "serve the model with a larger context, or give fewer examples (`--examples`) or a shorter prompt (`--prompt`)"


class Failure(NamedTuple):
    """Why there is no reply. `again`: the same request may succeed later, after `pause` seconds where the server names them."""

    message: str
    again: bool = True
    pause: float | None = None
    status: int | None = None
    refuses_format: bool = False
    no_server: bool = False


class Reply(NamedTuple):
    """What the model said, in which form it was asked, why it ended (`stop`, `length` …), and the tokens of prompt and reply."""

    text: str
    form: str
    finish: str
    prompt_tokens: int
    completion_tokens: int


@dataclass
class Chat:
    """Questions to `model` through an OpenAI client. `place` is the address as it may be shown, `key` what must not be."""

    client: Any
    model: str
    place: str
    key: str
    schema: Mapping[str, Any]
    temperature: float | None
    max_tokens: int | None
    _form: int = 0
    _proven: bool = False
    _suspicions: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, messages: Sequence[Mapping[str, str]], usage: Counter[str], *, probe: bool = True) -> Reply | Failure:
        """Ask once. A form that the server refuses is given up for good. Some servers crash on a form instead (500): with `probe`
        less is tried at once, and the form given up after it has happened to two documents. Raises `ProblemsFound` where the
        server refuses the key or knows no such model.
        """
        while True:
            form = self._form
            outcome = self._request(messages, form, usage)
            if isinstance(outcome, Reply):
                self._proven = True
                return outcome
            if outcome.refuses_format and form < len(FORMATS) - 1:
                self._give_up(form + 1)
                continue
            if outcome.status in (500, 501) and probe and not self._proven:
                return self._probe(messages, form, usage) or outcome
            return outcome

    def _probe(self, messages: Sequence[Mapping[str, str]], form: int, usage: Counter[str]) -> Reply | None:
        for less in range(form + 1, len(FORMATS)):
            outcome = self._request(messages, less, usage)
            if isinstance(outcome, Reply):
                self._suspicions += 1
                if self._suspicions >= SUSPECTED:
                    self._give_up(less)
                return outcome
        return None

    def _give_up(self, form: int) -> None:
        with self._lock:
            self._form = max(self._form, form)

    def _request(self, messages: Sequence[Mapping[str, str]], form: int, usage: Counter[str]) -> Reply | Failure:
        import openai

        usage["requests"] += 1
        try:
            completion = self.client.chat.completions.create(model=self.model, messages=messages, **self._options(FORMATS[form]))
        except openai.APITimeoutError:
            return Failure("the endpoint did not answer in time (`--timeout`)")
        except openai.APIConnectionError as error:
            return self._unconnected(error)
        except openai.APIStatusError as error:
            return self._refusal(error)
        except (openai.APIError, ValueError) as error:
            return Failure(f"the endpoint's answer cannot be read: {error}")
        return self._reply(completion, FORMATS[form], usage)

    def _reply(self, completion: Any, form: str, usage: Counter[str]) -> Reply | Failure:
        if not hasattr(completion, "choices"):
            return Failure(f"the endpoint's answer is no completion: {str(completion)[:60]!r}")
        usage[f"format_{form}"] += 1
        tokens = [getattr(completion.usage, name, None) or 0 for name in ("prompt_tokens", "completion_tokens")]
        usage["prompt_tokens"] += tokens[0]
        usage["completion_tokens"] += tokens[1]
        choice = completion.choices[0] if completion.choices else None
        finish = choice.finish_reason if choice else "no choice"
        return Reply((choice.message.content if choice else "") or "", form, str(finish), *tokens)

    def _options(self, form: str) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if form == "json_schema":
            schema = {"name": "answer", "strict": True, "schema": self.schema}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif form == "json_object":
            options["response_format"] = {"type": "json_object"}
        if self.temperature is not None:
            options["temperature"] = self.temperature
        if self.max_tokens is not None:
            options["max_tokens"] = self.max_tokens
        return options

    def _unconnected(self, error: Any) -> Failure:
        message = f"no connection to {self.place}: {error.__cause__ or error}"
        return Failure(message, no_server=type(error.__cause__).__name__ == "ConnectError")

    def _refusal(self, error: Any) -> Failure:
        told, status = self._told(error), error.status_code
        lower = told.lower()
        if any(words in lower for words in ABOUT_CONTEXT):
            return Failure(f"the context of the model is too small: {told}; {SMALL_CONTEXT}", again=False, status=status)
        if status in (401, 403, 404):
            raise self._refused(status, told) from None
        again = status >= 500 or status in RETRIED
        about_format = status in (400, 422) and any(word in lower for word in ABOUT_FORMAT)
        return Failure(f"the endpoint answered {status}: {told}", again, _retry_after(error), status, about_format)

    def _refused(self, status: int, told: str) -> ProblemsFound:
        hint = {
            404: "Check the address (up to /v1) and the name of the model.",
        }.get(status, "Put a valid key into the environment variable that `--key-variable` names.")
        return ProblemsFound([Problem(Where(self.place), "endpoint-refuses", f"the endpoint refuses: {status}, {told}", hint)])

    def _told(self, error: Any) -> str:
        """What the server said, in short, without the key."""
        body = error.body if isinstance(error.body, Mapping) else {}
        told = str(body.get("message") or error.message)[:300]
        return told.replace(self.key, "…") if self.key else told


def unreachable(place: str, why: str) -> ProblemsFound:
    """Nobody listens at the address."""
    hint = "Start the server, or check the address and port; run again to go on, what was answered is kept."
    return ProblemsFound([Problem(Where(place), "no-server", f"no connection to {place}: {why}", hint)])


def client(url: str, key: str, timeout: float | None) -> Any:
    """An OpenAI client that does not try again by itself and tells a dead port within seconds."""
    from openai import OpenAI, Timeout

    wait = Timeout(timeout, connect=PATIENCE if timeout is None else min(PATIENCE, timeout))
    return OpenAI(base_url=url, api_key=key or "none", max_retries=0, timeout=wait)


def _retry_after(error: Any) -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("retry-after")))
    except (TypeError, ValueError):
        return None
