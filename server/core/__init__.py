"""Floor 0: the rules. Pure: no await, clock, randomness, logging or I/O."""
