"""Which tests are slow: `make quick` leaves them out, `make test` runs all."""

from __future__ import annotations

import pytest

SLOW = {
    "test_adjudication.py": ("*",),
    "test_agreement.py": ("*",),
    "test_any_gold.py": ("*",),
    "test_baselines.py": ("*",),
    "test_batches.py": ("*",),
    "test_bench.py": ("test_a_small_run",),
    "test_build.py": ("*",),
    "test_cli.py": ("*",),
    "test_coming_from.py": ("*",),
    "test_curves.py": ("test_the_command_and_its_page", "test_scores_of_a_span"),
    "test_docs.py": ("*",),
    "test_environments.py": ("*",),
    "test_extract_run.py": ("*",),
    "test_gold_quality.py": ("*",),
    "test_harnesses.py": ("*",),
    "test_import.py": ("*",),
    "test_label_studio_browser.py": ("*",),
    "test_label_studio_client.py": ("*",),
    "test_label_studio_form.py": ("*",),
    "test_label_studio_loop.py": ("*",),
    "test_label_studio_start.py": ("*",),
    "test_load_dataset.py": ("*",),
    "test_lowest_versions.py": ("*",),
    "test_no_agency_text.py": ("*",),
    "test_outcome.py": ("test_on_the_core_alone",),
    "test_parity.py": ("*",),
    "test_problems.py": ("test_bulk_and_schema_agree_on_any_line",),
    "test_readers_robust.py": ("*",),
    "test_report_html.py": ("*",),
    "test_results.py": ("*",),
    "test_standoff.py": ("*",),
    "test_uncertainty.py": ("*",),
    "test_walk.py": ("*",),
    "test_writers.py": ("*",),
}
"""File → how the names of its slow tests begin, `*` for all of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones."""
    for item in items:
        if any(begin == "*" or item.name.startswith(begin) for begin in SLOW.get(item.path.name, ())):
            item.add_marker(pytest.mark.slow)
