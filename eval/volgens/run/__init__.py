"""From texts to a predictions file: run any extractor, resume where it stopped."""
