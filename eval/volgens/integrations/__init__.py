"""Our scorer inside other people's tools; each module needs the tool that it is for, and says so in its first lines."""
