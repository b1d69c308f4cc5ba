"""Floor 2: Redis: every key, script and stored shape."""
