"""Hashing, digests and intervals: statistics over per-document counts, without knowing what is counted."""
