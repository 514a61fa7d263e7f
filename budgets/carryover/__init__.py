"""年终采购资金结转: money of unfinished purchases goes on into the next year (manual 3.9, domain.md §15b)."""
