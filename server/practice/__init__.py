"""Practice opponents, as any bot is one: clients of the socket, without a way to the rules."""
