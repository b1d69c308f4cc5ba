-- Put a session on its player's list, and strike those off that have run out.
-- KEYS: 1 sessions of the player.
-- ARGV: 1 session, 2 lifetime of a session in s.
local now = redis.call('TIME')[1]
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
