"""The gold in the forms that people train on: CoNLL-2002 columns, spaCy's DocBin, brat. See `export`."""

from volgens.writers.formats import FORMATS, Exported, Format, export

__all__ = ["FORMATS", "Exported", "Format", "export"]
