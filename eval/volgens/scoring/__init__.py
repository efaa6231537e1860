"""From gold and predictions as columns to counts and evidence. Pure: no files, no clock, no print."""
