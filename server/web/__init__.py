"""Floor 4: aiohttp: sockets, HTTP calls and pages."""
