"""CoNLL columns: a token a line, its tag in the last column or in the one that is named, an empty line between sentences.

The tag scheme is stated, never guessed, and so are columns other than the first (token) and the last (tag): see `columns`. A
document begins at a `-DOCSTART-` line or a comment with its id (`# id = own-000`, also `# newdoc id = …`, `# document_id =
…`); the id may also stand in a column of the `-DOCSTART-` line. Without ids the documents are those of the gold whose tokens
these are, one a block or several that follow one another. In a folder every file begins a document, which has the file's name
(without its last suffix) for an id where it states none. How tokens get their places: `tokens`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from volgens.model.problem import Problem
from volgens.readers.files import read_bytes, text_problem
from volgens.readers.foreign import columns
from volgens.readers.foreign.brackets import NOTHING
from volgens.readers.foreign.columns import Columns
from volgens.readers.foreign.reading import AT, File, Reading, at
from volgens.readers.foreign.schemes import Scheme, Token, names, stated
from volgens.readers.foreign.tokens import laid

DESCRIPTION = "CoNLL columns (token first and tag last, else --columns); needs --scheme"
COMMENT = re.compile(r"#\s*(?:newdoc\s+|(?:\w+:)?(?:doc|document)_?)?id\s*=\s*(\S+)\s*")
NEW = re.compile(r"#\s*newdoc\s*")
GLUED = {"SpaceAfter=No", "NoSpaceAfter"}


@dataclass
class Block:
    """The tokens of a document; `breaks` are the numbers of tokens before which a sentence ends."""

    line: int
    id: str | None = None
    tokens: list[Token] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)


def recognise(lines: Sequence[str]) -> bool:
    """Whether most lines have a tag in the same column, beside the first."""
    given = [row for row in columns.rows("\n".join(lines)) if row.cells[0] != "-DOCSTART-"]
    return bool(columns.tagged(given))


def read(file: File) -> Reading:
    """The rows of a file or a folder; each has `entities` alone, and its text where the file is gold."""
    reading = Reading(file)
    scheme = stated(reading)
    if scheme is None:
        return reading
    if not file.path.is_dir():
        return _read(file, scheme, None, reading)
    for path in sorted(path for path in file.path.iterdir() if path.is_file() and not path.name.startswith(".")):
        data = read_bytes(path)
        if isinstance(data, Problem):
            reading.problems.append(data)
        else:
            _merge(reading, _read(file._replace(path=path, data=data), scheme, path.stem, Reading(file._replace(path=path))))
    return reading


def _merge(whole: Reading, part: Reading) -> None:
    """Add what a file of a folder has, its places with the file's name."""
    file = str(part.file.path)
    for row in part.rows:
        items = [{**item, AT: (file, item[AT][1])} for item in row["entities"]]
        whole.rows.append({**row, "entities": items, AT: (file, row[AT][1])})
    whole.problems += part.problems
    whole.notes.update(part.notes)


def _read(file: File, scheme: Scheme, name: str | None, reading: Reading) -> Reading:
    """The rows of one file; `name` is the id of a document that states none (of several the later ones are numbered)."""
    if problem := text_problem(file.data, file.path):
        reading.problems.append(problem)
        return reading
    text = file.data.decode("utf-8-sig")
    lines = [row for row in columns.rows(text) if row.cells[0] != "-DOCSTART-"]
    chosen = columns.choose(file.options.columns, text, lines, str(file.path), scheme)
    if isinstance(chosen, Problem):
        reading.problems.append(chosen)
        return reading
    for whole in _blocks(text, {row.line: row.cells for row in lines}, chosen, scheme, reading):
        if whole.id is None and name is not None:
            called = f"{name}-{len(reading.rows) + 1}" if reading.rows else name
            whole.id = called if file.alone or called in file.texts else None
        for block in _parted(whole, reading):
            found = laid(block.id, block.tokens, block.breaks, block.line, reading)
            if found is not None:
                given = list(names(found.id, block.tokens, found.spans, block.breaks, scheme, reading))
                own = {"text": found.text} if file.alone else {}
                reading.rows.append({"id": found.id, **own, "entities": given, **at(block.line)})
    return reading


def _blocks(text: str, lines: dict[int, Sequence[str]], chosen: Columns, scheme: Scheme, reading: Reading) -> Iterator[Block]:
    block = Block(1)
    for number, line in enumerate(text.split("\n"), 1):
        comment = COMMENT.fullmatch(line.strip()) if number not in lines else None
        if comment or line.startswith("-DOCSTART-") or NEW.fullmatch(line.strip()):
            given = comment[1] if comment else _id_column(line, reading)
            if block.tokens:
                yield block
                block = Block(number)
            block.id = given or block.id
        elif not line.strip():
            block.breaks.add(len(block.tokens))
        elif number in lines and number != chosen.header and _is_token(number, lines[number], chosen, reading):
            block.tokens.append(_token(number, lines[number], chosen, scheme, reading))
    if block.tokens:
        yield block


def _id_column(line: str, reading: Reading) -> str | None:
    """The id on a -DOCSTART- line: one of the gold's, or where the file is gold the one cell that is no filler."""
    cells = line.split()[1:]
    if reading.file.alone:
        told = [cell for cell in cells if not re.fullmatch(r"-DOCSTART-|-X-|-|_|O", cell)]
        return told[0] if len(told) == 1 else None
    return next((cell for cell in cells if cell in reading.file.texts), None)


def _is_token(number: int, cells: Sequence[str], chosen: Columns, reading: Reading) -> bool:
    """Whether a line of CoNLL-U is a token of the text: empty nodes are left out, words of one token are a problem."""
    if chosen.token and re.fullmatch(r"\d+\.\d+", cells[0]):
        reading.notes["empty nodes of CoNLL-U left out"] += 1
        return False
    if chosen.token and re.fullmatch(r"\d+-\d+", cells[0]):
        message, hint = f"the words {cells[0]} are one token of the text", "Give one line a token, its tag with it."
        reading.report("several-words", message, hint, line=number)
        return False
    return True


def _token(number: int, cells: Sequence[str], chosen: Columns, scheme: Scheme, reading: Reading) -> Token:
    """The token of a line; one without a tag is a problem and counts as O, so that the others keep their places."""
    held = len(cells) > max(1, chosen.token, chosen.tag)
    word = cells[chosen.token] if chosen.token < len(cells) else ""
    glued = any(GLUED & set(cell.split("|")) for cell in cells)
    token = scheme.read(word, chosen.tag_of(cells), line=number, glued=glued) if held else None
    if token is None:
        which = "the last column" if chosen.tag < 0 else f"column {chosen.tag + 1}"
        found = f"there are {len(cells)} columns" if cells[1:] else "there is one column"
        message = f"{which} is {cells[chosen.tag]!r}" if held else found
        hint = f"Write a tag there: {scheme.form}; name other columns with --columns token=2,tag=8."
        reading.report("no-tag", message, hint, line=number)
    return token or Token(word, line=number, cell=NOTHING[0])


def _parted(block: Block, reading: Reading) -> list[Block]:
    """A block without an id as several documents of the gold, where its sentences are theirs, one after another."""
    if block.id is not None or reading.file.alone or reading.with_letters("".join(token.text for token in block.tokens)):
        return [block]
    parts, begin = [], 0
    for end in sorted({*block.breaks, len(block.tokens)} - {0}):
        if len(same := reading.with_letters("".join(token.text for token in block.tokens[begin:end]))) == 1:
            breaks = {n - begin for n in block.breaks if begin <= n <= end}
            parts.append(Block(block.tokens[begin].line or block.line, same[0], block.tokens[begin:end], breaks))
            begin = end
    return parts if begin == len(block.tokens) and parts else [block]
