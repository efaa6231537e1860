"""The Dutch documents of MEANTIME (Wikinews articles) from a clone of the repository that has them, and their published names.

Their text may not travel with the dataset: dataset/pages/wikinews.jsonl has lengths and hashes, and whoever has the token files
restores it, verified document by document. The files lie in `dev_corpora/ne` (split `validation`) and in
`eval_corpora/{boeing,gm,stock}/ne` (split `test`), as in github.com/cltl/clin26-eval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from volgens.curation.pages import digest
from volgens.curation.standoff import Standoff, read_standoff, restore
from volgens.curation.token_files import SUFFIX, Token, read_tokens, spell
from volgens.model.documents import Document, Segment, Span
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.foreign.brackets import Named, nested

CONFIG = "wikinews"
GROUPS = {"apple": "dev_corpora/ne", **{name: f"eval_corpora/{name}/ne" for name in ("boeing", "gm", "stock")}}
SPLITS = {"apple": "validation", "boeing": "test", "gm": "test", "stock": "test"}
PAGES = Path(__file__).parents[3] / "dataset" / "pages" / f"{CONFIG}.jsonl"
DATE = re.compile(r"\d\d-[A-Z][a-z]{2}-\d\d")


class File(NamedTuple):
    """A token file of the corpus: the id of its document, its group, and its sentences."""

    id: str
    group: str
    path: Path
    sentences: list[list[Token]]


class Name(NamedTuple):
    """A published name: `PER`, `ORG`, `LOC`, `PRO` or `FIN`, and its DBpedia address where it has one.

    `pieces` are its stretches of text, in order (code points, end exclusive): more than one where others share its words
    ("de A 1, 2 en 3" holds three names). Names nest.
    """

    type: str
    pieces: tuple[Span, ...]
    link: str | None

    @property
    def span(self) -> Span:
        """From its first character to its last."""
        return Span(self.pieces[0].start, self.pieces[-1].end)


def documents(folder: Path | str, pages: Path | str = PAGES) -> list[Document]:
    """The documents with text, sorted by id, without labels, every one verified by length and sha256 against `pages`.

    `folder` is a clone of the repository. Raises `ProblemsFound` with every document that is missing and every sentence that
    differs, by file and line.
    """
    stripped, problems = read_standoff(Path(pages), CONFIG)
    restored, lost = restore(stripped, Path(folder)) if not problems else ([], problems)
    if lost:
        raise ProblemsFound(lost)
    return restored


def names(folder: Path | str) -> dict[str, list[Name]]:
    """Document id → its published names in text order, as spans over the restored text. Raises `ProblemsFound`."""
    found, problems = {}, []
    for file in files(Path(folder)):
        places = spell([[token.text for token in sentence] for sentence in file.sentences]).tokens
        here: list[Name] = []
        for tokens, spans in zip(file.sentences, places, strict=True):
            named, wrong = _names(tokens, spans)
            here += named
            problems += [
                Problem(Where(str(file.path), line, file.id), "name-tags", what, "Take the file from the corpus again.")
                for line, what in wrong
            ]
        found[file.id] = sorted(here, key=lambda name: (name.span.start, -name.span.end, name.type))
    if problems:
        raise ProblemsFound(problems)
    return found


def is_clone(folder: Path) -> bool:
    """Whether a folder looks like a clone of the repository."""
    return any((folder / path).is_dir() for path in GROUPS.values())


def strip(folder: Path | str, config: str = CONFIG) -> list[Standoff]:
    """The documents of a clone without their texts, sorted by id: what dataset/pages/wikinews.jsonl is made of."""
    return [Standoff(_document(file, config), 0) for file in sorted(files(Path(folder), config), key=lambda file: file.id)]


def files(folder: Path, config: str = CONFIG) -> Iterator[File]:
    """The token files of a clone. Raises `ProblemsFound` where a group has none, or a file is none."""
    missing = [path for path in GROUPS.values() if not any((folder / path).glob(f"*{SUFFIX}"))]
    if missing:
        hint = "Name a clone of github.com/cltl/clin26-eval."
        raise ProblemsFound([Problem(Where(str(folder / path)), "no-folder", "no token files here", hint) for path in missing])
    for group, where in GROUPS.items():
        for path in sorted((folder / where).glob(f"*{SUFFIX}")):
            number = path.name.split("_")[0]
            yield File(f"{config}-{number}", group, path, read_tokens(path.read_text(encoding="utf-8"), str(path)))


def _document(file: File, config: str) -> Document:
    spelt = spell([[token.text for token in sentence] for sentence in file.sentences])
    segments = []
    for n, span in enumerate(spelt.sentences):
        line = span.cut(spelt.text)
        kind = "title" if n == 0 else "date" if n == 1 and DATE.fullmatch(line) else "paragraph"
        segments.append(Segment(kind, *span, digest(line)))
    length, sha256 = len(spelt.text), digest(spelt.text)
    return Document(file.id, file.id, "article", config, SPLITS[file.group], None, length, sha256, tuple(segments))


def _names(tokens: Sequence[Token], spans: Sequence[Span]) -> tuple[list[Name], list[tuple[int, str]]]:
    """The names of one sentence, and the lines whose tags open or close what is not there."""
    closed, wrong = nested([token.tag for token in tokens])
    links = _links(tokens, closed)
    found = [Name(o.type, _pieces(o.at, spans), link) for o, link in zip(closed, links, strict=True)]
    return found, [(tokens[n].line, why) for n, why in wrong]


def _links(tokens: Sequence[Token], found: Sequence[Named]) -> list[str | None]:
    """Each name's link. A token has one link however many names it is in, so a name's is asked of the tokens that it shares with
    none but the names around it; one that only repeats the link of a name of another type around it has none.
    """
    around = [[n for n, other in enumerate(found) if set(name.at) < set(other.at)] for name in found]
    links = []
    for k, name in enumerate(found):
        shared = {at for n, other in enumerate(found) if n != k and n not in around[k] for at in other.at}
        own = {tokens[at].link for at in name.at if at not in shared}
        links.append(own.pop() if len(own) == 1 and "_" not in own else None)
    repeats = [any(links[k] == links[n] and found[k].type != found[n].type for n in around[k]) for k in range(len(found))]
    return [None if repeated else link for link, repeated in zip(links, repeats, strict=True)]


def _pieces(at: Sequence[int], spans: Sequence[Span]) -> tuple[Span, ...]:
    pieces: list[Span] = []
    for last, n in zip([-2, *at], at, strict=False):
        if n == last + 1:
            pieces[-1] = Span(pieces[-1].start, spans[n].end)
        else:
            pieces.append(spans[n])
    return tuple(pieces)
