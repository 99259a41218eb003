"""Which labels contradict what tracks of other artists sound like?

Nothing is imported here.
"""
