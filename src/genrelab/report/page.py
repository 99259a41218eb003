"""A page of the report: a summary, rendered by a template.

Conventions: `Page.summarise(facts)` returns the values that a page shows; tests check these values.
`Page.render(summary)` fills the template with the name of the page. Facts are the typed results of the analyses, by the
name of their step. Any of them may be absent: a page without facts names the command that computes them. The template
of a page is beside its module.

Numbers are computed in the module of the page, never in a template.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.registry import GROUPS
from genrelab.report.palette import css_properties, genre_colour
from genrelab.report.table_links import link_tables

Facts = Mapping[str, object]
Summary = dict[str, Any]
R = TypeVar("R")

LIBRARY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Args:
        name: Stem of its file and of its template.
        label: Name in the navigation.
        title: Its heading.
        question: The question it answers, in one or two sentences for a new reader.
        needs: Facts it uses; without any of them the page shows `command` instead.
        command: The command that computes these facts.
        fill: Turns the facts into the values its template shows; only called when there are facts. The key
            `finding`, one sentence, is shown on the overview too.
        has_charts: Whether it loads Plotly.
        group: Group in the navigation: one of `genrelab.analyses.registry.GROUPS`, or a new one.
        fault: Why the page could not be loaded; empty for a page without errors.
        task: The task that it is about; empty for a page of all. The header leads from one such page to another.
        template: Stem of its template, if that is not its name: pages of one kind share one.
        more: Returns further pages that depend on what was found, one for each task; they follow this one.
    """

    name: str
    label: str
    title: str
    question: str
    needs: tuple[str, ...]
    command: str
    fill: Callable[[Facts], Summary]
    has_charts: bool = True
    group: str = GROUPS[0]
    fault: str = ""
    template: str = ""
    task: str = ""
    more: Callable[[Facts], Sequence["Page"]] | None = None

    @property
    def file(self) -> str:
        """Return the name of the file."""
        return f"{self.name}.html"

    def summarise(self, facts: Facts) -> Summary:
        """Return the values that the page shows.

        Args:
            facts: What the run found; every key may be absent.

        Returns:
            `page` (name, heading, question, command), `has_run`, `finding`, and what `fill` adds.
        """
        has_run = not self.fault and (not self.needs or any(facts.get(need) for need in self.needs))
        summary: Summary = {
            "page": {
                "name": self.name,
                "file": self.file,
                "label": self.label,
                "group": self.group,
                "title": self.title,
                "question": self.question,
                "command": self.command,
                "needs": self.needs or (self.name,),
                "fault": self.fault,
                "task": self.task,
            },
            "has_run": has_run,
            "has_charts": self.has_charts and has_run,
            "finding": "",
        }
        return summary | (self.fill(facts) if has_run else {})

    def render(self, summary: Summary, site: Summary | None = None) -> str:
        """Return the page as HTML.

        Args:
            summary: From `summarise`.
            site: From `genrelab.report.site.summarise_site`: navigation, banner and footer.
        """
        shown = f"{self.template or self.name}.html" if summary["has_run"] else "not_run.html"
        template = templates().get_template(shown)
        return template.render(summary, site=site or {})


def of_result(analysis: Analysis[R], fill: Callable[[R], Summary]) -> Callable[[Facts], Summary]:
    """Return a function that fills a page from the result of one analysis."""

    def filled(facts: Facts) -> Summary:
        found = analysis.found_in(facts)
        return fill(found) if found is not None else {}

    return filled


def of_results(
    analyses: Sequence[Analysis[R]], fill: Callable[[Sequence[R]], Summary]
) -> Callable[[Facts], Summary]:
    """Return a function that fills a page from the available results of several analyses of one kind."""
    return lambda facts: fill(
        [found for analysis in analyses if (found := analysis.found_in(facts)) is not None]
    )


@cache
def templates() -> Environment:
    """Return the environment of the templates, with autoescaping of all text from the data."""
    environment = Environment(
        loader=FileSystemLoader(
            [LIBRARY / "report" / "templates", *sorted((LIBRARY / "analyses").glob("*/pages"))]
        ),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["link_tables"] = link_tables
    environment.globals["theme_properties"] = css_properties
    environment.globals["genre_colour"] = genre_colour
    return environment
