"""Tests: same folders and names as the code."""
