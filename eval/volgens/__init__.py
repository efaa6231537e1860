"""Volgens: who is named, which figures are given, and who says so, in Dutch newswire."""

__version__ = "0.1.0"
