-- Begin a game of tiles in place of the one before; its clock starts.
-- KEYS: 1 game, 2 best of the player.
-- ARGV: 1 game, 2 the deal (MessagePack), 3 lifetime of a game in ms.
-- Returns the best (MessagePack), nil for none.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'deal', ARGV[2], 'dealt_at', now)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('GET', KEYS[2])
