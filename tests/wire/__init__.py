"""Tests of the message types and the codec."""
