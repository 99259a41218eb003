-- The databases of Prefect's server and of MLflow's, made when PostgreSQL starts for the first time.
CREATE DATABASE prefect;
CREATE DATABASE mlflow;
