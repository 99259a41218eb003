"""Train models, select champions and predict with them."""
