"""Tests of sockets, calls and pages, over real connections."""
