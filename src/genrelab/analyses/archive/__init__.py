"""Who is in the Free Music Archive, on what terms, and whose sound lies far from all others."""
