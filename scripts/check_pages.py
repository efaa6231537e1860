"""Check the invented pages before anyone labels them: runs of words and near-duplicates between pages, and spelling.

Needs hunspell with the Dutch dictionary (Debian: hunspell, hunspell-nl) and datasketch. Words that hunspell does not know and
that were looked at stand in scripts/spelling.txt; a word with a capital is a name.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))

from volgens.curation.build import read_all_pages  # noqa: E402
from volgens.curation.cards import shared_runs  # noqa: E402

KNOWN = ROOT / "scripts" / "spelling.txt"
SPELLER = ("hunspell", "-d", "nl_NL", "-i", "utf-8", "-l")
WORD = r"(?<!\w)[^\W\d_]+(?:['-][^\W\d_]+)*(?!\w)"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, metavar="DIR", help="folder with the agency's pages, which no page may repeat")
    parser.add_argument("--wikinews", type=Path, metavar="DIR", help="clone of github.com/cltl/clin26-eval, likewise")
    given = parser.parse_args(arguments)
    texts = {config: folder for config, folder in (("anp", given.articles), ("wikinews", given.wikinews)) if folder}
    pages, problems = read_all_pages(ROOT / "dataset" / "pages", texts)
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    found = {one.config: {d.id: d.text for d in one.documents if d.text is not None} for one in pages}
    own = found["own"]
    others = {name: text for config in texts for name, text in found[config].items()}
    said = [*repeated(own, others), *(f"near-duplicates ({share:.2f}): {a}, {b}" for a, b, share in near_duplicates(own))]
    if not has_speller():
        print("hunspell with its Dutch dictionary is not installed: the spelling was not checked", file=sys.stderr)
    else:
        said += [f"not in the dictionary: {word}" for word in misspelt(own.values(), known())]
    print(*said or [f"{len(own)} documents: nothing found"], sep="\n")
    return 1 if said else 0


def repeated(own: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    """A line for each run of eight words that stands in two documents, of which one at least is invented. The run itself is shown
    only where all of them are.
    """
    runs = {run: names for run, names in shared_runs({**own, **others}).items() if any(name in own for name in names)}
    return [
        f"in {', '.join(names)}: {' '.join(run) if all(name in own for name in names) else 'eight words in a row'}"
        for run, names in runs.items()
    ]


def near_duplicates(texts: Mapping[str, str], least: float = 0.2) -> Iterator[tuple[str, str, float]]:
    """Pairs of texts that share so large a part of their runs of three words, estimated by MinHash (Broder 1997, "On the
    resemblance and containment of documents"; 256 permutations, found by LSH): names in order, and the estimated Jaccard index.
    """
    from datasketch import MinHash, MinHashLSH

    sketches: dict[str, MinHash] = {}
    index = MinHashLSH(threshold=least, num_perm=256)
    for name, text in texts.items():
        words = re.findall(r"\w+", text.lower())
        sketch = MinHash(num_perm=256, seed=1)
        sketch.update_batch([" ".join(words[n : n + 3]).encode() for n in range(len(words) - 2)])
        for other in index.query(sketch):
            if (share := sketch.jaccard(sketches[other])) >= least:
                yield *sorted((other, name)), share
        sketches[name] = sketch
        index.insert(name, sketch)


def known() -> set[str]:
    return set(KNOWN.read_text(encoding="utf-8").split())


def has_speller() -> bool:
    """Whether hunspell is there, and its Dutch dictionary."""
    if shutil.which(SPELLER[0]) is None:
        return False
    return subprocess.run(SPELLER, input="", text=True, capture_output=True, check=False).returncode == 0


def misspelt(texts: Iterable[str], known: set[str]) -> list[str]:
    """The words with a small letter that neither hunspell nor `known` has."""
    words = {word for text in texts for word in re.findall(WORD, text) if word[0].islower()}
    ran = subprocess.run(SPELLER, input="\n".join(sorted(words)), capture_output=True, text=True, check=True)
    return sorted(set(ran.stdout.split()) - known)


if __name__ == "__main__":
    sys.exit(main())
