"""The front door: command line, wiring, server."""
