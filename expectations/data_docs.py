"""Build Data Docs, the HTML pages of Great Expectations about its suites and results.

The pages are optional: they load scripts and styles from some fifteen internet addresses, so they look bare offline.
The report has its own validation page. Building Data Docs takes seconds per table and is never part of a nightly run.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import great_expectations as gx
import pyarrow as pa
from great_expectations.checkpoint import UpdateDataDocsAction

from expectations.check import frame_and_rules
from genrelab.lake.schema import Table

SITE = "genrelab"
SHORT = {"result_format": "SUMMARY", "partial_unexpected_count": 5}


def build(folder: Path, tables: Iterable[tuple[Table, pa.Table]]) -> Path:
    """Build the pages for the rows of tables and return the first page; rules about whole tables have none.

    Args:
        folder: Output folder; existing pages are replaced.
        tables: Declaration and rows of each.

    Returns:
        The first page.
    """
    context = _context(folder)
    for table, data in tables:
        name = table.name
        columns = [column for column in data.column_names if column in table]
        frame, expectations = frame_and_rules(table, data, columns=columns)
        suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=expectations))
        asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(
                name=name, data=asset.add_batch_definition_whole_dataframe("whole"), suite=suite
            )
        )
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(
                name=name,
                validation_definitions=[definition],
                actions=[UpdateDataDocsAction(name="pages", site_names=[SITE])],
                result_format=SHORT,
            )
        )
        checkpoint.run(batch_parameters={"dataframe": frame})
    context.build_data_docs(site_names=[SITE])
    return folder / "index.html"


def _context(folder: Path) -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    for site in list(context.get_site_names()):
        context.delete_data_docs_site(site)
    context.add_data_docs_site(
        SITE,
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        },
    )
    return context
