-- The seeks of a pool for one pass; those whose player has gone are dropped.
-- KEYS: 1 seeks of the pool, 2 beats of the pool.
-- ARGV: 1 ms without a heartbeat after which a seek has gone, 2… players who are here although
--       no heartbeat may have come through for a while: theirs is now.
-- Returns {Redis ms, {player, seek, …}, {player, seek, … that were dropped}}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
for i = 2, #ARGV do
  redis.call('ZADD', KEYS[2], 'XX', now, ARGV[i])
end
local dropped = {}
for _, player in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[1])) do
  dropped[#dropped + 1] = player
  dropped[#dropped + 1] = redis.call('HGET', KEYS[1], player) or ''
  redis.call('HDEL', KEYS[1], player)
  redis.call('ZREM', KEYS[2], player)
end
return {now, redis.call('HGETALL', KEYS[1]), dropped}
