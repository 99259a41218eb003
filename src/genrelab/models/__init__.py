"""Models: what can be predicted from which table, by which estimators, and how well.

`zoo` declares the models, `tasks` what they predict and `kinds` the kinds of targets; `training` fits them; `champion`
decides which one stays. Registering a model or opening a tracking run does not belong here.
"""
