"""What is missing in the tables of the Free Music Archive, where gaps occur together, and to whom they belong.

The student project is `seeds/003`: its shares and pairs stand in `references`.
"""
