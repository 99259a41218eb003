"""The report: a static site that shows the results of a run.

`site.write_site(facts, folder)` writes a complete site; `site.publish_site` writes the site of one run and points
`latest` to it. Any of the facts may be absent.

Conventions: a report is a summary, then a template (`genrelab.report.page`). Each analysis has its pages in its own
folder; other pages are under `pages`. `charts`, `heatmap` and `curves` draw, `palette` defines colours, `wording`
formats numbers, `vocabulary` names scores and splits.

Nothing here computes a score or reads a table: the tasks collect the facts. This module imports nothing, because the
pages of the analyses import the modules of this package.
"""
