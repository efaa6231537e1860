"""What `score` returns: cells, evidence and settings, as an object, a table of text, and plain dictionaries."""

from volgens.scorecard.card import Counts, Macro, Scorecard, card, score_frames

__all__ = ["Counts", "Macro", "Scorecard", "card", "score_frames"]
