"""The report site: what a run found, as pages that a person wants to read.

`site.write_site(facts, folder)` writes a complete static site; `site.publish_site` does so for one run and points
`latest` to it. Any of the facts may be absent.

Conventions: a report is a summary, then a template (`genrelab.report.page`). An analysis has its pages in its own
folder; the other ones are under `pages`. `charts`, `heatmap` and `curves` draw, `palette` colours, `wording` writes
numbers, `vocabulary` names scores and splits.

Nothing here computes a score or reads a table: the tasks gather the facts. Nothing is imported here, since the pages of
the analyses import the modules of this package.
"""
