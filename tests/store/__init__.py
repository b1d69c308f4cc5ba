"""Tests of the store, against the real server."""
