"""A scorecard as text, JSON and more. Numbers are rounded here and nowhere else; what is undefined is a dash, or null."""
