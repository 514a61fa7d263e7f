"""预采购转正: a provisional quota is joined to the one finance has issued since (domain.md §5)."""
