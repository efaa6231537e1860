"""Predictions in their own form and in foreign ones: readers convert or report, they never repair in silence."""
