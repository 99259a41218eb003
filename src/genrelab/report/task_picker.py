"""The tasks and rule sets of the picker in the header, which holds for all pages.

Conventions: an option is a task, or a rule set that no task was trained for. What belongs to the rule set that decides
comes first, tasks that only compare come last.
"""

from genrelab.analyses.rule_audit.analysis import RULE_AUDIT
from genrelab.analyses.training.analysis import TRAINING
from genrelab.report.headlines import trainings_in_order
from genrelab.report.leading import deciding_rule_set
from genrelab.report.page import Facts
from genrelab.report.vocabulary import labelling, task_label
from genrelab.report.wording import sentence


def pickable_tasks(facts: Facts) -> list[dict[str, str]]:
    """Return the options of the picker: `value`, `label` and `rules`, the rule set; `rules` is empty without one."""
    trained, audit, active = TRAINING.found_in(facts), RULE_AUDIT.found_in(facts), deciding_rule_set(facts)
    several = trained.of_several_labels if trained else ()
    tasks = sorted((*trainings_in_order(facts), *several), key=lambda one: one.is_variant)
    options = [
        {
            "value": one.task,
            "label": task_label(one.task)
            + (" (in use)" if active and one.rule_set == active and not one.is_variant else ""),
            "rules": one.rule_set,
        }
        for one in tasks
    ]
    known = {one.rule_set for one in tasks}
    options += [
        {"value": one.rule_set, "label": sentence(labelling(one.rule_set)), "rules": one.rule_set}
        for one in (audit.sets if audit else ())
        if one.rule_set not in known
    ]
    return sorted(options, key=lambda option: not active or option["rules"] != active)
