"""Floor 1: the message types and their codec."""
