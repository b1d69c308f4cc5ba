"""A seeded simulation of the play floor: virtual time, one real Valkey, replies in any order."""
