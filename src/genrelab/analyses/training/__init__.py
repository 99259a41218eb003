"""Training: every model of every task, how well it names the genre, and who is champion."""
