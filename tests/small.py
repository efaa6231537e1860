"""A repository in small, with invented pages and gold, for tests of what is built from one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from volgens.curation.pages import read_pages
from volgens.curation.standoff import strip_pages, write_standoff
from volgens.model.documents import Attribution, Document, Entity, Figure, Provenance, Span
from volgens.model.gold import Gold, write_gold

HERE = Path(__file__).parent
PROVENANCE = Provenance("model", 1, True, False, "1", "2026-01-02")
SECRET = """
Windmolen op hol in Wijk bij Duurstede
WIJK BIJ DUURSTEDE (KWN) - Zo'n 1,5 ton graan is zaterdag verloren gegaan. "De vang was stuk", zegt molenaar Ina Süß.
Meer uit Binnenland
DEN HAAG (NPN) - De Eerste Kamer praat niet over molens, zegt griffier Aart Oud.
3 uur geleden
"""


def annotate(document: Document) -> Gold:
    """Gold that is easy to know: capitalised words are names, numbers are figures, `zegt` and `zei` are cues."""
    text = document.text or ""
    inside = [s.span for s in document.segments if s.kind not in ("dateline", "date")]

    def found(pattern: str) -> list[Span]:
        spans = (Span(*match.span()) for match in re.finditer(pattern, text))
        return [span for span in spans if any(segment.covers(span) for segment in inside)]

    def rest(span: Span) -> Span:
        return next(Span(span.end + 1, segment.end) for segment in inside if segment.covers(span))

    numbers = [(span, float(span.cut(text).replace(",", "."))) for span in found(r"\b\d+(?:,\d+)?\b")]
    return Gold(
        document.id,
        document.length,
        document.sha256,
        tuple(Entity(f"e{n}", *span, "PER", None, "iemand") for n, span in enumerate(found(r"\b[A-Z][a-zé]{3,}\b"), 1)),
        tuple(Figure(f"f{n}", *span, "count", "point", value) for n, (span, value) in enumerate(numbers, 1)),
        tuple(Attribution(f"a{n}", (span,), content=(rest(span),)) for n, span in enumerate(found(r"\bzegt|zei\b"), 1)),
        PROVENANCE,
    )


def make_repository(root: Path) -> Path:
    """Pages of `own` with text, of `anp` stand-off, gold of both, and the card. Returns the folder with the pages of `anp`."""
    own, articles = root / "dataset" / "pages" / "own", root / "articles"
    own.mkdir(parents=True)
    articles.mkdir()
    shutil.copy(HERE / "cases" / "pages" / "page.txt", own / "own-000.txt")
    (articles / "000_x.txt").write_text(SECRET, encoding="utf-8")
    write_standoff(own.parent / "anp.jsonl", strip_pages(articles.glob("*"), "anp")[0])
    for config, folder in (("own", own), ("anp", articles)):
        documents, problems = read_pages(folder.glob("*.txt"), config)
        assert problems == []
        write_gold(root / "annotations" / "gold" / config / "test.jsonl", map(annotate, documents))
    shutil.copy(HERE.parent / "DATASET_CARD.md", root)
    return articles
