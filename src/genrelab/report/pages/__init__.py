"""Every page of the site, in the order of the navigation.

A new page is a module here with its `PAGE`, a template of the same name, and one line below.
"""

from genrelab.report.page import Page
from genrelab.report.pages.classes import PAGE as CLASSES
from genrelab.report.pages.cluster_study import PAGE as CLUSTER_STUDY
from genrelab.report.pages.clusters import PAGE as CLUSTERS
from genrelab.report.pages.confusion import PAGE as CONFUSION
from genrelab.report.pages.correlations import PAGE as CORRELATIONS
from genrelab.report.pages.drift import PAGE as DRIFT
from genrelab.report.pages.features import PAGE as FEATURES
from genrelab.report.pages.models import PAGE as MODELS
from genrelab.report.pages.origin import PAGE as ORIGIN
from genrelab.report.pages.outliers import PAGE as OUTLIERS
from genrelab.report.pages.overview import PAGE as OVERVIEW
from genrelab.report.pages.portraits import PAGE as PORTRAITS
from genrelab.report.pages.predictions import PAGE as PREDICTIONS
from genrelab.report.pages.rules import PAGE as RULES
from genrelab.report.pages.tables import PAGE as TABLES
from genrelab.report.pages.track_map import PAGE as TRACK_MAP
from genrelab.report.pages.validation import PAGE as VALIDATION

PAGES: tuple[Page, ...] = (
    OVERVIEW,
    CLASSES,
    RULES,
    FEATURES,
    CORRELATIONS,
    OUTLIERS,
    MODELS,
    CONFUSION,
    PREDICTIONS,
    CLUSTERS,
    PORTRAITS,
    CLUSTER_STUDY,
    TRACK_MAP,
    ORIGIN,
    TABLES,
    VALIDATION,
    DRIFT,
)
