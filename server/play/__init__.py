"""Floor 3: the services that play matches by the rules."""
