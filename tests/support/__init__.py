"""What tests share: servers on real sockets, players that speak the protocol."""
