"""MLflow: experiments, runs, stored models, pictures, and its database."""
