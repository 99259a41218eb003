"""Champions compiled to arrays: what the application and notebooks read, without MLflow."""
