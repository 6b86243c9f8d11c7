"""How the records look in JSON: every key a real one has, nulls where it has nulls."""
