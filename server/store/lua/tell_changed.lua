-- Note that a player's sessions or name have changed, and forget what everybody has heard.
-- KEYS: 1 players by when they changed (Redis ms).
-- ARGV: 1 player, 2 how long it is told in ms.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
