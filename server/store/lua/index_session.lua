-- Put a session on its player's list, and strike those off that have run out.
-- KEYS: 1 sessions of the player, each by when it runs out (Redis s).
-- ARGV: 1 session, 2 its lifetime in s.
local now = redis.call('TIME')[1]
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('EXPIRE', KEYS[1], ARGV[2], 'NX')
redis.call('EXPIRE', KEYS[1], ARGV[2], 'GT')
