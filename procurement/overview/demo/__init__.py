"""The demo world: fictional units with real codes (domain.md §18), and one purchase walked through them."""
