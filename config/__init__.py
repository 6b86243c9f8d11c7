"""Settings and shipped packs. `settings.py` is the only reader of the environment."""
