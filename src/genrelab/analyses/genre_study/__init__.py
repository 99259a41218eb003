"""A student project's path to all genres of a track, from nearest neighbours to networks, judged on new artists."""
