"""The card of a dataset that has none yet."""

from __future__ import annotations


def stub(name: str, elsewhere: bool = False) -> str:
    """A card to begin with, for a dataset that has none: what can be counted, and where prose belongs. `elsewhere`: its gold
    was not made in a dataset's folder, so that nothing is known of how, nor of its language.
    """
    made = {
        "Annotation process": _block("provenance"),
        "Agreement": _block("agreement"),
        "Canary": _block("canary"),
    }
    told = {
        "Annotation process": "Who annotated, by which guidelines, how often, and how well they agree.",
        "Licence": "Under which licence texts and labels may be used.",
    }
    parts = {
        "Summary": f"What this dataset holds, from where, and for what.\n\n{_block('version')}",
        "Configurations and splits": f"{_block('splits')}\n\n{_block('labels')}",
        **(told if elsewhere else made),
    }
    sections = "\n\n".join(f"## {title}\n\n{text}" for title, text in parts.items())
    language = "" if elsewhere else "language:\n- nl\n"
    return f"---\n{language}pretty_name: {name}\n---\n\n# {name}\n\n{sections}\n"


def _block(name: str) -> str:
    return f"<!-- generated: {name} -->\n<!-- end -->"
