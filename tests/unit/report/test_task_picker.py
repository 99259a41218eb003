"""The picker of the header: tasks and rule sets, the one that decides first."""

from dataclasses import replace

from report_facts import made_facts

from genrelab.report.task_picker import pickable_tasks


def test_what_belongs_to_the_rule_set_that_decides_comes_first():
    """Whichever that is; each task and rule set is there once."""
    facts = made_facts()
    for active in (one.rule_set for one in facts["audit_rules"].sets):
        found = pickable_tasks(facts | {"bin_genres": replace(facts["bin_genres"], rule_set=active)})
        values = [one["value"] for one in found]

        assert found[0]["rules"] == active
        assert len(values) == len(set(values))
        assert {one.task for one in facts["training"].tasks} <= set(values)
        assert {one.rule_set for one in facts["audit_rules"].sets} <= {one["rules"] for one in found}


def test_without_training_the_rule_sets_are_left():
    """And without either there is no picker."""
    facts = made_facts()
    del facts["training"]

    assert {one["value"] for one in pickable_tasks(facts)} == {
        one.rule_set for one in facts["audit_rules"].sets
    }
    assert pickable_tasks({}) == []
