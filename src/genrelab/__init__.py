"""What is true: the library. Frames and values in, frames and values out.

It knows no Prefect, no MLflow and no Great Expectations: orchestration lives in `flows` and `tasks`, checks in
`expectations`.
"""

__version__ = "0.1.0"
