"""Data quality: where every record went, and what every table was checked for.

Tables are judged by the suites in `expectations` and published by `tasks.publishing.publish`; the report collects
what they left.
"""
