"""Stand-ins of those who carry out task books: two e-malls, the project trading system, the agencies."""
