"""From texts to a predictions file: the number grammar, and running any extractor."""
