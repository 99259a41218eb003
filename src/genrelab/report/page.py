"""A page of the report: a summary, then a template.

Conventions: `Page.summarise(facts)` turns the facts into the values a page shows, and is tested on values;
`Page.render(summary)` fills the template of the page's name and changes nothing. Facts are plain JSON values
(`docs` and the pages say which), and any of them may be absent: a page none of whose facts exist says which
command makes them.

Numbers are worked out in the page's own module under `genrelab.report.pages`, never in a template.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from genrelab.report.palette import css_properties, genre_colour

Facts = Mapping[str, Any]
Summary = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Args:
        name: Stem of its file and of its template.
        label: Its name in the navigation.
        title: Its heading.
        question: What it answers, in one or two sentences for a reader who is new here.
        needs: Facts it draws on; without any of them it was not run yet.
        command: The command that makes these facts.
        fill: Turns the facts into the values its template shows; only called when there are facts. The key
            `finding`, one sentence, is shown on the overview too.
        has_charts: Whether it loads Plotly.
    """

    name: str
    label: str
    title: str
    question: str
    needs: tuple[str, ...]
    command: str
    fill: Callable[[Facts], Summary]
    has_charts: bool = True

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.html"

    def summarise(self, facts: Facts) -> Summary:
        """What the page shows, as values.

        Args:
            facts: What the run found; every key may be absent.

        Returns:
            `page` (name, heading, question, command), `has_run`, `finding`, and what `fill` adds.
        """
        has_run = not self.needs or any(facts.get(need) for need in self.needs)
        summary: Summary = {
            "page": {
                "name": self.name,
                "file": self.file,
                "label": self.label,
                "title": self.title,
                "question": self.question,
                "command": self.command,
            },
            "has_run": has_run,
            "has_charts": self.has_charts and has_run,
            "finding": "",
        }
        return summary | (self.fill(facts) if has_run else {})

    def render(self, summary: Summary, site: Summary | None = None) -> str:
        """The page as HTML.

        Args:
            summary: From `summarise`.
            site: From `genrelab.report.site.summarise_site`: navigation, banner and footer.
        """
        template = templates().get_template(f"{self.name}.html" if summary["has_run"] else "not_run.html")
        return template.render(summary, site=site or {})


@cache
def templates() -> Environment:
    """The templates; text from the data is escaped everywhere."""
    environment = Environment(
        loader=PackageLoader("genrelab.report"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["theme_properties"] = css_properties
    environment.globals["genre_colour"] = genre_colour
    return environment
