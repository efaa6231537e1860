"""The grammar of Dutch numbers, for checks of the gold and for the rule baseline."""
