-- Keep seeks alive whose player has a socket here; never bring one back that has gone.
-- KEYS: 1 beats of the pool.
-- ARGV: players.
-- Returns how many seeks the pool holds.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
for _, player in ipairs(ARGV) do
  redis.call('ZADD', KEYS[1], 'XX', now, player)
end
return redis.call('ZCARD', KEYS[1])
