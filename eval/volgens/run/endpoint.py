"""A language model behind an OpenAI-compatible endpoint.

Every text is one request: the prompt (prompt.nl.md beside this file), examples if there are any, and the text. A reply that is no
answer is sent back with what is wrong with it; time-outs, 429 and 5xx are tried again after a pause. What would fail in the same
way again is not: a reply that was cut off, a context that is too small, a request that the server does not understand.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from volgens.model.documents import LAYERS, Document
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.answer_form import answer_schema, example
from volgens.run.chat import SMALL_CONTEXT, Chat, Failure, Reply, client, unreachable
from volgens.run.extractor import Answer, Effort, Text
from volgens.run.reply import Taking, located
from volgens.run.server import NoServerError, Server
from volgens.run.workers import in_threads

LONGEST_PAUSE = 60.0
TIMEOUT = 300.0
"""Seconds for one request where the user names none."""


class Endpoint:
    """`model` at the base address `url` (`http://127.0.0.1:8000/v1`).

    The key is read from the environment variable `key_variable`; a server that wants none needs none. `prompt` is a text in place
    of the package's prompt; `examples` are gold documents with text, shown as answered. The layers of `taking` are asked for, and
    an answer that it does not take is sent back. `temperature` None is the server's own. `context` is the tokens of the model's
    context, for a server that does not tell: what would not fit is not sent. `pause` is the first wait in seconds
    before another try; it doubles, up to a minute, unless the server names one. Raises `ProblemsFound` for what is no address
    and for tokens below 1.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key_variable: str = "OPENAI_API_KEY",
        prompt: str | None = None,
        examples: Sequence[Document] = (),
        taking: Taking | None = None,
        temperature: float | None = 0.0,
        max_tokens: int | None = None,
        context: int | None = None,
        pause: float = 1.0,
    ) -> None:
        self.url = url.removesuffix("/").removesuffix("/chat/completions")
        self.model, self.temperature, self.max_tokens, self.pause = model, temperature, max_tokens, pause
        self.taking = taking or Taking()
        self.layers, self.context = self.taking.layers, context
        self.prompt = prompt or files("volgens.run").joinpath("prompt.nl.md").read_text(encoding="utf-8")
        self.prompt = self.prompt if self.layers == LAYERS else _prompt_for(self.prompt, self.layers)
        self.examples = tuple(examples)
        self._key = os.environ.get(key_variable) or ""
        problems = [
            Problem(Where(field=name), "unfit-option", f"it cannot be {value}", "Give tokens from 1 on.")
            for name, value in (("max_tokens", max_tokens), ("context", context))
            if value is not None and value < 1
        ]
        if "://" not in url or not model:
            hint = "Give the address up to /v1, for example `--endpoint http://127.0.0.1:8000/v1 --model NAME`."
            problems.append(Problem(Where(url), "no-extractor", "this is no endpoint and model", hint))
        if problems:
            raise ProblemsFound(problems)

    @property
    def place(self) -> str:
        """The address without what may be secret."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))

    @property
    def settings(self) -> Mapping[str, Any]:
        return {
            "extractor": "endpoint",
            "endpoint": self.place,
            "model": self.model,
            "prompt": _digest(self.prompt),
            "schema": _digest(json.dumps(self._schema())),
            "examples": [document.id for document in self.examples],
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            **({"context": self.context} if self.context else {}),
        }

    def answers(self, texts: Sequence[Text], effort: Effort) -> Iterator[Answer]:
        open_client = client(self.url, self._key, TIMEOUT if effort.timeout is None else effort.timeout)
        server = self._server()
        chat = Chat(open_client, self.model, self.place, self._key, self._schema(), self.temperature, self.max_tokens)

        def work(text: Text, stopped: threading.Event) -> Answer:
            return self._answer(chat, server, text, effort.retries, stopped)

        try:
            yield from in_threads(work, texts, effort.jobs)
        finally:
            open_client.close()

    def _schema(self) -> dict[str, Any]:
        whole = answer_schema()
        fields = {layer: whole["properties"][layer] for layer in self.layers}
        return {**whole, "properties": fields, "required": list(fields)}

    def _server(self) -> Server:
        """The server, if it is there and the prompt with its examples leaves room for a text."""
        try:
            server = Server(self.url, self.model, self._key, self.context)
        except NoServerError as error:
            raise unreachable(self.place, str(error)) from None
        fixed = "\n".join(message["content"] for message in self._messages(""))
        if server.limit is not None and (needed := server.tokens(fixed) + (self.max_tokens or 0)) >= server.limit:
            message = f"prompt, examples and answer take {needed} tokens or more, and the model's context has {server.limit}"
            hint = SMALL_CONTEXT[0].upper() + SMALL_CONTEXT[1:] + "."
            raise ProblemsFound([Problem(Where(self.place), "small-context", message, hint)])
        return server

    def _answer(self, chat: Chat, server: Server, text: Text, retries: int, stopped: threading.Event) -> Answer:
        """Ask until there is an answer, the tries are used up, or asking again cannot help."""
        usage: Counter[str] = Counter()
        replies: list[dict[str, Any]] = []
        messages = self._messages(text.text)
        failure, unusable = self._too_long(server, messages), False
        for attempt in range(retries + 1 if failure is None else 0):
            outcome = chat.ask(messages, usage, probe=attempt == 0)
            if isinstance(outcome, Reply):
                replies.append({"reply": outcome.text, "finish": outcome.finish})
                failure = self._wrong(outcome, server)
                try:
                    if failure is None:
                        found = located(outcome.text, text, self.taking)
                        return Answer(text.id, found.prediction, usage=usage, alignments=found.alignments, replies=replies)
                except ValueError as wrong:
                    failure = Failure(str(wrong), pause=0)
                    messages = [*self._messages(text.text), *_correction(outcome.text, str(wrong))]
                unusable = True
            else:
                failure, unusable = outcome, unusable and not outcome.again
            if not failure.again or (attempt < retries and stopped.wait(self._pause(attempt, failure.pause))):
                break
        assert failure is not None
        if failure.no_server:
            raise unreachable(self.place, failure.message.partition(": ")[2])
        return Answer(text.id, error=failure.message, usage=usage, unusable=unusable, replies=replies)

    def _too_long(self, server: Server, messages: Sequence[Mapping[str, str]]) -> Failure | None:
        """Why a request is not sent: the server tells the size of its context, and this does not fit."""
        if server.limit is None:
            return None
        needed = server.tokens("\n".join(message["content"] for message in messages))
        if needed + (self.max_tokens or 1) <= server.limit:
            return None
        room = f" and {self.max_tokens} for the answer" if self.max_tokens else ""
        message = f"not sent: the text with its prompt takes {needed} tokens or more{room}, and the context has {server.limit}"
        return Failure(f"{message}; {SMALL_CONTEXT}", again=False)

    def _wrong(self, reply: Reply, server: Server) -> Failure | None:
        """What makes a reply no answer whatever it says."""
        if reply.finish == "length":
            cut = f"the model's answer was cut off after {reply.completion_tokens} tokens"
            return Failure(f"{cut}; {self._room(reply, server)}", again=False)
        if not reply.text:
            return Failure(f"the model answered nothing ({reply.finish})")
        return None

    def _room(self, reply: Reply, server: Server) -> str:
        """What gives an answer more room: `--max-tokens`, or a larger context."""
        used = reply.prompt_tokens + reply.completion_tokens
        if self.max_tokens is not None and reply.completion_tokens >= self.max_tokens:
            return f"give it more than --max-tokens {self.max_tokens}"
        if self.max_tokens is not None or (server.limit is not None and used >= server.limit):
            return f"the context is full at {used} tokens: {SMALL_CONTEXT}"
        return f"give it more by --max-tokens, or, if its context is full at {used} tokens, {SMALL_CONTEXT}"

    def _messages(self, text: str) -> list[dict[str, str]]:
        messages = [{"role": "system", "content": self.prompt}]
        for document in self.examples:
            shown = {layer: items for layer, items in example(document).items() if layer in self.layers}
            messages.append({"role": "user", "content": document.text or ""})
            messages.append({"role": "assistant", "content": json.dumps(shown, ensure_ascii=False)})
        return [*messages, {"role": "user", "content": text}]

    def _pause(self, attempt: int, asked: float | None) -> float:
        wait = self.pause * 2**attempt * random.uniform(1, 1.25) if asked is None else asked
        return min(wait, LONGEST_PAUSE)


def _prompt_for(prompt: str, layers: Sequence[str]) -> str:
    """The prompt without the paragraphs on other layers, and with a line that asks for these alone."""
    other = re.compile("|".join(rf"`{layer}`:" for layer in LAYERS if layer not in layers))
    kept = [paragraph for paragraph in prompt.strip().split("\n\n") if not other.match(paragraph)]
    named = " en ".join(f"`{layer}`" for layer in layers)
    return "\n\n".join([*kept, f"Geef deze keer alleen {named}; laat andere lijsten weg.\n"])


def _correction(reply: str, error: str) -> list[dict[str, str]]:
    told = f"Dat antwoord klopt niet: {error}. Geef het hele JSON-object opnieuw, en niets anders."
    return [{"role": "assistant", "content": reply}, {"role": "user", "content": told}]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
