-- Make a one-time link in place of the player's last one.
-- KEYS: 1 link of the player.
-- ARGV: 1 hash of its secret, 2 lifetime in ms, 3 how long it is known afterwards in ms.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'secret', ARGV[1], 'ends_at', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2] + ARGV[3])
