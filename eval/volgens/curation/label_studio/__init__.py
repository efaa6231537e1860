"""Documents with gold ↔ Label Studio: tasks out, exports in, and the server between."""

from volgens.curation.label_studio.strip import strip_export, tidy_export, write_export
from volgens.curation.label_studio.tasks import to_tasks
from volgens.readers.label_studio.export import Export, Reading, from_export

__all__ = ["Export", "Reading", "from_export", "strip_export", "tidy_export", "to_tasks", "write_export"]
