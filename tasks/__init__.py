"""Prefect tasks: they read tables and settings, call the library and write the results."""
