"""Stand-ins of the outside systems, one separate HTTP program: it imports none of the project's apps."""
