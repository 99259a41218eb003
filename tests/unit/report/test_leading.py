"""The rule set that decides comes first, and pages may depend on what was found."""

from dataclasses import replace

from report_facts import made_facts
from run_facts import made_bins
from training_facts import made_training

from genrelab.report.leading import deciding_first, deciding_rule_set
from genrelab.report.page import Page
from genrelab.report.pages import with_more


def test_what_belongs_to_the_deciding_rule_set_comes_first():
    """All others keep their order; without binned tracks nothing moves."""
    found = [made_training(task=name, rule_set=name) for name in ("classic", "", "reviewed")]
    facts = {"bin_genres": replace(made_bins(), rule_set="reviewed")}

    assert deciding_rule_set(facts) == "reviewed"
    assert [one.task for one in deciding_first(found, facts)] == ["reviewed", "classic", ""]
    assert [one.task for one in deciding_first(found, {})] == ["classic", "", "reviewed"]


def test_pages_that_depend_on_the_facts_follow_their_page():
    """One that cannot be made leaves a page that says so, and all others."""

    def broken(_facts):
        raise ValueError("no such task")

    first = Page(
        "one", "One", "", "", (), "", dict, more=lambda _: [Page("two", "Two", "", "", (), "", dict)]
    )
    other = Page("three", "Three", "", "", (), "", dict, more=broken)

    made = with_more((first, other), made_facts())

    assert [page.name for page in made] == ["one", "two", "three"]
    assert "no such task" in made[2].fault
