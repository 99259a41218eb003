"""What does each rule set cover, where do its rules conflict, and which tracks change genre under another set?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.rule_audit.result import RuleAudit

RULE_AUDIT = Analysis(
    name="audit_rules",
    folder="rule_audit",
    result=RuleAudit,
    reads=("spotify_binned",),
    is_optional=True,
    reads_if_there=("fma_genres", "fma_tracks", "fma_echonest"),
    settings=("rules", "seed"),
    compute="rule_sets:compute",
    summary="summary:summarise",
    artifact="rule-sets",
    pages=("rules",),
    uses=("features",),
)
