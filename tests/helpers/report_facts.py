"""Made-up facts for the report's tests: real-looking numbers and awkward strings."""

import copy
from typing import Any

from cluster_facts import made_cluster_facts
from drift_facts import made_drift
from explore_facts import made_exploration
from made_results import made_results
from origin_page_facts import origin_page_study
from prediction_facts import made_prediction_facts
from rule_facts import rule_facts
from run_facts import made_bins, made_fma, made_origin, made_run, made_tables
from run_history_facts import made_history
from training_facts import made_trainings
from validation_facts import made_audits


def made_facts() -> dict[str, Any]:
    """Facts of a whole run on real-looking data, a fresh copy each time."""
    return copy.deepcopy(
        {
            "overview": made_run(),
            "run_history": made_history(),
            "tables": made_tables(),
            "bin_genres": made_bins(),
            "explore": made_exploration(),
            "audit_rules": rule_facts(),
            "ingest_fma": made_fma(),
            "ingest_origin": made_origin(),
            "training": made_trainings(),
            "validation": made_audits(),
            "measure_drift": made_drift(),
            "predict": made_prediction_facts(),
            **made_cluster_facts(),
            "study_origin": origin_page_study(),
            **{name: make() for name, make in made_results().items()},
        }
    )
