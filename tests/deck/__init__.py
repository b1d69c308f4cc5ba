"""The tests of the deck package."""
