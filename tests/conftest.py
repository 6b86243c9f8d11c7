"""What all tests share: a busy machine is no failure, so hypothesis sets no deadline for one example."""

from hypothesis import settings

settings.register_profile("ronda", deadline=None)
settings.load_profile("ronda")
