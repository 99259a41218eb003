"""Which genres go together, and what topics their combinations form.

Nothing is imported here.
"""
