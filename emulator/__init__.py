"""A Zendesk to run on a laptop. Knows nothing of Ronda."""
