"""Template tags of sealed papers."""
