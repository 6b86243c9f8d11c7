"""The conformance suite of the emulator: one test a fact, over real HTTP."""
