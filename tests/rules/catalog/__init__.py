"""One test file a rule."""
