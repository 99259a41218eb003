"""Summary of the rule audit: one line for the log, and tables for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.rule_audit.coverage import origin_section
from genrelab.analyses.rule_audit.result import RuleAudit, Score, SetAudit
from genrelab.analyses.rule_audit.tables import audit_sections, comparison_sections, in_markdown


def summarise(found: RuleAudit) -> Summary:
    """Summarise coverage, conflicts and unmatched micro-genres of each rule set, and how well audio predicts it."""
    sections = [origin_section(found.origins)]
    sections += [section for one in found.sets for section in audit_sections(one)]
    sections += [section for one in found.comparisons for section in comparison_sections(one)]
    by_set = [
        f"{one.rule_set}: coverage {one.coverage:.1%}, {one.contested.micro_genres} contested and "
        f"{one.unmatched.micro_genres} unmatched micro-genres"
        + "".join(
            f", kappa of a forest {score.value:.3f}"
            for metric, score in _scores(found, one)
            if metric == "kappa"
        )
        for one in found.sets
    ]
    return Summary(
        f"{found.active} is in use; {'; '.join(by_set)}",
        [_row(found, one) for one in found.sets],
        "Coverage and conflicts of each rule set.",
        {"rules-audit": in_markdown(sections)},
    )


def _row(found: RuleAudit, one: SetAudit) -> dict[str, object]:
    return {
        "rule set": one.rule_set,
        "decision": one.decision,
        "coverage": f"{one.coverage:.2%}",
        "contested micro-genres": one.contested.micro_genres,
        "unmatched micro-genres": one.unmatched.micro_genres,
        **{
            f"{metric} of a forest": f"{score.value:.3f} ({score.low:.3f} to {score.high:.3f})"
            for metric, score in _scores(found, one)
        },
    }


def _scores(found: RuleAudit, one: SetAudit) -> list[tuple[str, Score]]:
    """Return the scores of the forest on a rule set, by metric; empty where no forest was trained."""
    return list(found.recoverability.sets[one.rule_set].items()) if found.recoverability else []
