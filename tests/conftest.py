"""What all tests share: a busy machine is no failure, and whoever starts the tests has no say in their signals."""

import signal

from hypothesis import settings

settings.register_profile("ronda", deadline=None)  # a busy machine takes its time
settings.load_profile("ronda")

# A shell's background job ignores Ctrl-C, and so would every process that a test starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
