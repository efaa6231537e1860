"""From texts to a predictions file: run any extractor, and the number grammar that the rules read figures with."""
