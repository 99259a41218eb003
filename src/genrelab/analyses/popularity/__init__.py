"""How often is a track played, and what tells it in advance?

Nothing is imported here.
"""
