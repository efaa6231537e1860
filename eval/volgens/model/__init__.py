"""What a document and its layers are, and how a problem is told. Imports nothing of the rooms above."""
