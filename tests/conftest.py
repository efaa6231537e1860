"""Which tests are slow.

`make quick` leaves the slow ones out, `make test` runs all. Where several processes run them, the tests of a file stay together
in one, so that what a file makes once is made once. The slow files come first, so that no process is left with a long one at the
end.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SLOW = {
    "test_adjudication.py": ("*",),
    "test_agreement.py": ("*",),
    "test_any_gold.py": ("*",),
    "test_assignment.py": ("test_total_is_scipys",),
    "test_baselines.py": ("*",),
    "test_baselines_frog.py": ("*",),
    "test_baselines_served.py": ("*",),
    "test_baselines_spacy.py": ("*",),
    "test_batches.py": ("*",),
    "test_bench.py": ("test_a_small_run", "test_libraries_are_measured"),
    "test_build.py": ("*",),
    "test_cli.py": ("*",),
    "test_coming_from.py": ("*",),
    "test_curves.py": ("test_the_command_and_its_page", "test_scores_of_a_span"),
    "test_cli_data.py": ("*",),
    "test_compare.py": ("test_the_page_says", "test_a_corpus_in_batches"),
    "test_correction_walk.py": ("*",),
    "test_docs.py": ("*",),
    "test_environments.py": ("*",),
    "test_equal_dice.py": ("test_order_and_names_of_labels_are_nothing",),
    "test_extract_endpoint.py": ("test_ctrl_c", "test_one_more_try_helps", "test_a_failure_that_lasts"),
    "test_extract_run.py": ("*",),
    "test_foreign_gold.py": ("test_a_dataset_with_classes",),
    "test_further_layer.py": ("*",),
    "test_gold_quality.py": ("*",),
    "test_harnesses.py": ("*",),
    "test_hub.py": ("*",),
    "test_import.py": ("*",),
    "test_integrations.py": ("*",),
    "test_label_accept.py": ("*",),
    "test_label_loop.py": ("*",),
    "test_label_studio_browser.py": ("*",),
    "test_label_studio_client.py": ("*",),
    "test_label_studio_form.py": ("*",),
    "test_label_studio_loop.py": ("*",),
    "test_label_studio_start.py": ("*",),
    "test_load_dataset.py": ("*",),
    "test_lowest_versions.py": ("*",),
    "test_marks.py": ("test_the_tests_of_a_file",),
    "test_no_agency_text.py": ("*",),
    "test_outcome.py": ("test_on_the_core_alone", "test_an_export_below_a_file"),
    "test_package.py": ("*",),
    "test_parity.py": ("*",),
    "test_problems.py": ("test_bulk_and_schema_agree_on_any_line",),
    "test_readers_python.py": ("test_strings_are_numbers", "test_classes_get_their_names"),
    "test_readers_robust.py": ("*",),
    "test_readme.py": ("test_what_the_page_shows", "test_all_ways"),
    "test_references.py": ("test_order_and_spelling_are_nothing", "test_no_other_alignment_agrees_more"),
    "test_report_html.py": ("*",),
    "test_results.py": ("*",),
    "test_run_command.py": ("test_ctrl_c",),
    "test_scorecard.py": ("test_type_checkers",),
    "test_scoring.py": ("test_documents_do_not_know", "test_a_duplicate_is_never_free", "test_a_wrong_name_never_raises"),
    "test_site.py": ("*",),
    "test_spark.py": ("*",),
    "test_spark_extraction.py": ("*",),
    "test_spark_faults.py": ("*",),
    "test_spark_problems.py": ("*",),
    "test_spot_check.py": ("*",),
    "test_standoff.py": ("*",),
    "test_uncertainty.py": ("*",),
    "test_walk.py": ("*",),
    "test_writers.py": ("*",),
}
"""File → how the names of its slow tests begin, `*` for all of them."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A file of slow tests alone is not even imported for the quick ones: some of what they test takes seconds to load."""
    return True if config.option.markexpr == "not slow" and SLOW.get(collection_path.name) == ("*",) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones; slow files to the front."""
    for item in items:
        name = item.path.name
        if any(begin == "*" or item.name.startswith(begin) for begin in SLOW.get(name, ())):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: SLOW.get(item.path.name) != ("*",))
