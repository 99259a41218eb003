"""The tasks and rule sets of the picker in the header, which holds for all pages.

Conventions: an option is a task, named by the rule set that made its labels where there is one; a rule set without a
task is an option of its own. The rule set that decides comes first.
"""

from genrelab.analyses.rule_audit.analysis import RULE_AUDIT
from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.result import Training
from genrelab.report.page import Facts
from genrelab.report.wording import sentence


def pickable_tasks(facts: Facts) -> list[dict[str, str]]:
    """Return the options of the picker: `value`, `label` and `rules`, the rule set; `rules` is empty without one."""
    trained, audit = TRAINING.found_in(facts), RULE_AUDIT.found_in(facts)
    active = audit.active if audit else ""
    tasks = sorted(
        trained.tasks if trained else (),
        key=lambda one: (one.rule_set != active or one.is_variant, one.is_variant),
    )
    labels = _labels(tasks, active)
    with_task = {one.rule_set for one in tasks}
    rest = sorted(
        (one.rule_set for one in (audit.sets if audit else ()) if one.rule_set not in with_task),
        key=lambda name: name != active,
    )
    options = [
        *({"value": one.task, "label": labels[one.task], "rules": one.rule_set} for one in tasks),
        *({"value": name, "label": _rules_label(name, active), "rules": name} for name in rest),
    ]
    return sorted(options, key=lambda option: not active or option["rules"] != active)


def _rules_label(name: str, active: str) -> str:
    return f"{sentence(name)} rules{' (in use)' if name == active else ''}"


def _labels(tasks: list[Training], active: str) -> dict[str, str]:
    """Return a short label of each task: what is predicted, and from what where that tells two of them apart."""
    made: dict[str, str] = {}
    for one in tasks:
        head, _, tail = one.title.partition(" from ")
        label = _rules_label(one.rule_set, active) if one.rule_set else head.rstrip(",")
        made[one.task] = f"{label}, from {tail}" if label in made.values() and tail else label
    return made
