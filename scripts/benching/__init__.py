"""What a duel costs: real clients on a real server, beside a bare echo of the same frames."""
