"""Which genres are in a person's own music files?"""
