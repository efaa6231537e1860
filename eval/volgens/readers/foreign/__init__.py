"""What other tools hand over, one reader a file: they convert or report, and never repair in silence.

`read_foreign` reads a file of any of `FORMATS` to rows in the form of a prediction line, which the check of our own predictions
then holds against the gold. Offsets in and out are code points, end exclusive.
"""

from volgens.readers.foreign.detect import OURS, detect
from volgens.readers.foreign.formats import Foreign, read_foreign
from volgens.readers.foreign.labels import NAMED, Mapped, map_labels, parse_map, unused
from volgens.readers.foreign.registry import FORMATS, Format

__all__ = [
    "FORMATS",
    "NAMED",
    "OURS",
    "Foreign",
    "Format",
    "Mapped",
    "detect",
    "map_labels",
    "parse_map",
    "read_foreign",
    "unused",
]
