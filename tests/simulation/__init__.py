"""A simulated year of promises: a desk that lives by seed, a service that is killed and disturbed, and who checks it."""
