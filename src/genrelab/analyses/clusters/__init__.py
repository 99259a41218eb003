"""Clusters against genres: k-means on audio features as a second opinion on what people call genres.

`tracks.draw_tracks` draws the tracks of a collection, `collection.study_collection` clusters them by each of its
feature sets and compares the clusters with its genres; `kmeans.cluster` and `agreement.agree` are its two steps,
`study.study_k` judges every number of clusters, `history.cost_history` follows one start.

Drawing and logging do not belong here.

Nothing is imported here: a declaration, and a step that is skipped, need no model.
"""
