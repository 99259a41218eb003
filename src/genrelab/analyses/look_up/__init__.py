"""What can be looked up: micro-genres with the rule that decides each, and genres with their tracks."""
