"""A language model behind an OpenAI-compatible endpoint.

Every text is one request: the prompt (prompt.nl.md beside this file), examples if there are any, and the text. The server is
asked for structured output by the answer's JSON Schema; if it does not take that, for a JSON object; if not that either, for
nothing. A reply that is no answer is sent back with what is wrong with it; time-outs, 429 and 5xx are tried again after a pause.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from volgens.model.documents import LAYERS, Document
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.layers import misfit
from volgens.readers.locate import locate
from volgens.readers.wire import answer_schema, example, parse, places
from volgens.run.extractor import Answer, Effort, Text

FORMATS = ("json_schema", "json_object", "none")
LONGEST_PAUSE = 60.0


class Endpoint:
    """`model` at the base address `url` (`http://127.0.0.1:8000/v1`).

    The key is read from the environment variable `key_variable`; a server that wants none needs none. `prompt` is a text in place
    of the package's prompt; `examples` are gold documents with text, shown as answered. `temperature` None is the server's own.
    `pause` is the first wait in seconds before another try; it doubles, up to a minute, unless the server names one.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key_variable: str = "OPENAI_API_KEY",
        prompt: str | None = None,
        examples: Sequence[Document] = (),
        temperature: float | None = 0.0,
        max_tokens: int | None = None,
        pause: float = 1.0,
    ) -> None:
        self.url = url.removesuffix("/").removesuffix("/chat/completions")
        self.model, self.temperature, self.max_tokens, self.pause = model, temperature, max_tokens, pause
        self.prompt = prompt or files("volgens.run").joinpath("prompt.nl.md").read_text(encoding="utf-8")
        self.examples = tuple(examples)
        self._key = os.environ.get(key_variable) or ""
        self._format = FORMATS[0]
        self._lock = threading.Lock()
        if "://" not in url or not model:
            cure = "Give the address up to /v1, for example `--endpoint http://127.0.0.1:8000/v1 --model NAME`."
            raise ProblemsFound([Problem(Where(url), "no-extractor", "this is no endpoint and model", cure)])

    @property
    def settings(self) -> Mapping[str, Any]:
        parts = urlsplit(self.url)
        shown = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))
        return {
            "extractor": "endpoint",
            "endpoint": shown,
            "model": self.model,
            "prompt": _digest(self.prompt),
            "schema": _digest(json.dumps(answer_schema())),
            "examples": [document.id for document in self.examples],
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
        }

    def answers(self, texts: Sequence[Text], effort: Effort) -> Iterator[Answer]:
        from openai import OpenAI

        client = OpenAI(base_url=self.url, api_key=self._key or "none", max_retries=0, timeout=effort.timeout)
        stopped = threading.Event()
        pool = ThreadPoolExecutor(max(1, effort.jobs))
        try:
            waiting = [pool.submit(self._answer, client, text, effort.retries, stopped) for text in texts]
            for done in as_completed(waiting):
                yield done.result()
        finally:
            stopped.set()
            pool.shutdown(cancel_futures=True)
            client.close()

    def _answer(self, client: Any, text: Text, retries: int, stopped: threading.Event) -> Answer:
        """Ask until there is an answer, or the tries are used up."""
        usage: Counter[str] = Counter()
        messages = self._messages(text.text)
        error = ""
        for attempt in range(retries + 1):
            usage["requests"] += 1
            reply, error, pause = self._ask(client, messages, usage)
            if reply is not None:
                try:
                    return self._located(text, reply, usage)
                except ValueError as wrong:
                    error = str(wrong)
                    messages = [*self._messages(text.text), *_correction(reply, error)]
            if attempt < retries and stopped.wait(0 if reply is not None else self._pause(attempt, pause)):
                break
        return Answer(text.id, error=error, usage=usage)

    def _messages(self, text: str) -> list[dict[str, str]]:
        messages = [{"role": "system", "content": self.prompt}]
        for document in self.examples:
            messages.append({"role": "user", "content": document.text or ""})
            messages.append({"role": "assistant", "content": json.dumps(example(document), ensure_ascii=False)})
        return [*messages, {"role": "user", "content": text}]

    def _ask(
        self, client: Any, messages: Sequence[Mapping[str, str]], usage: Counter[str]
    ) -> tuple[str | None, str, float | None]:
        """One reply; or None, what went wrong, and the pause that the server asks for."""
        import openai

        try:
            completion = self._complete(client, messages)
        except openai.APITimeoutError:
            return None, "the endpoint did not answer in time", None
        except openai.APIConnectionError as error:
            return None, f"no connection to {self.settings['endpoint']}: {error.__cause__ or error}", None
        except openai.APIStatusError as error:
            if error.status_code in (401, 403, 404):
                raise self._refused(error) from None
            return None, f"the endpoint answered {error.status_code}: {self._told(error)}", _retry_after(error)
        except (openai.APIError, ValueError) as error:
            return None, f"the endpoint's answer cannot be read: {error}", None
        if not hasattr(completion, "choices"):
            return None, f"the endpoint's answer is no completion: {str(completion)[:60]!r}", None
        usage[f"format_{self._format}"] += 1
        for name in ("prompt_tokens", "completion_tokens"):
            usage[name] += getattr(completion.usage, name, None) or 0
        choice = completion.choices[0] if completion.choices else None
        if choice is None or not choice.message.content:
            return None, f"the model answered nothing ({choice.finish_reason if choice else 'no choice'})", None
        if choice.finish_reason == "length":
            return None, "the model's answer was cut off; give it more tokens (`--max-tokens`)", None
        return choice.message.content, "", None

    def _complete(self, client: Any, messages: Sequence[Mapping[str, str]]) -> Any:
        """Send the request; where the server does not take the form of the answer, ask for less from now on."""
        import openai

        while True:
            form = self._format
            try:
                return client.chat.completions.create(model=self.model, messages=messages, **self._options(form))
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if form == FORMATS[-1] or not _about_format(self._told(error)):
                    raise
                with self._lock:
                    self._format = FORMATS[max(FORMATS.index(self._format), FORMATS.index(form) + 1)]

    def _options(self, form: str) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if form == "json_schema":
            schema = {"name": "answer", "strict": True, "schema": answer_schema()}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif form == "json_object":
            options["response_format"] = {"type": "json_object"}
        if self.temperature is not None:
            options["temperature"] = self.temperature
        if self.max_tokens is not None:
            options["max_tokens"] = self.max_tokens
        return options

    def _located(self, text: Text, reply: str, usage: Counter[str]) -> Answer:
        """The reply as a prediction with offsets. Raises ValueError where it is none."""
        answer = places(parse(reply))
        if absent := [layer for layer in LAYERS if layer not in answer]:
            raise ValueError(f"{', '.join(absent)} missing; an empty layer is []")
        located = locate(text.text, answer)
        if wrong := misfit(located.prediction, text.id, text.text):
            raise ValueError(wrong)
        trace = [{"path": a.path, "text": a.text, "alignment": a.alignment} for a in located.alignments]
        return Answer(text.id, located.prediction, usage=usage, alignments=trace)

    def _pause(self, attempt: int, asked: float | None) -> float:
        wait = self.pause * 2**attempt * random.uniform(1, 1.25) if asked is None else asked
        return min(wait, LONGEST_PAUSE)

    def _refused(self, error: Any) -> ProblemsFound:
        cure = {
            404: "Check the address (up to /v1) and the name of the model.",
        }.get(error.status_code, "Put a valid key into the environment variable that `--key-variable` names.")
        message = f"the endpoint refuses: {error.status_code}, {self._told(error)}"
        return ProblemsFound([Problem(Where(str(self.settings["endpoint"])), "endpoint-refuses", message, cure)])

    def _told(self, error: Any) -> str:
        """What the server said, in short, without the key."""
        body = error.body if isinstance(error.body, Mapping) else {}
        told = str(body.get("message") or error.message)[:300]
        return told.replace(self._key, "…") if self._key else told


def _about_format(told: str) -> bool:
    return any(
        word in told.lower() for word in ("response_format", "json_schema", "json_object", "schema", "structured", "grammar")
    )


def _retry_after(error: Any) -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("retry-after")))
    except (TypeError, ValueError):
        return None


def _correction(reply: str, error: str) -> list[dict[str, str]]:
    told = f"Dat antwoord klopt niet: {error}. Geef het hele JSON-object opnieuw, en niets anders."
    return [{"role": "assistant", "content": reply}, {"role": "user", "content": told}]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
