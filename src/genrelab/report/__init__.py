"""The report site: what a run found, as pages that a person wants to read.

`write_site(facts, folder)` writes a complete static site; `publish_site` does so for one run and points
`latest` to it. Facts are plain JSON values, and any of them may be absent.

Conventions: a report is a summary, then a template (`genrelab.report.page`). A page is one module under
`pages` with its template and one line in `pages.PAGES`; `charts`, `heatmap` and `curves` draw, `palette`
colours, `wording` writes numbers, `vocabulary` names scores and splits.

Nothing here computes a score or reads a table: the tasks gather the facts.
"""

from genrelab.report.site import publish_site, write_site

__all__ = ["publish_site", "write_site"]
