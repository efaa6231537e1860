"""Baselines: extractors to compare with, each run as module:function."""
