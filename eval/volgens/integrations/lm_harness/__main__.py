"""Print the folder of the task, which `lm_eval --include_path` wants."""

from pathlib import Path

print(Path(__file__).parent)
