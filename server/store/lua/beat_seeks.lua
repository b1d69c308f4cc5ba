-- Keep seeks alive whose player has a socket here; never bring one back that has gone.
-- KEYS: 1 beats of the pool.
-- ARGV: players.
-- Returns {seeks in the pool, players whose seek has gone}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local gone = {}
for _, player in ipairs(ARGV) do
  if redis.call('ZSCORE', KEYS[1], player) then
    redis.call('ZADD', KEYS[1], now, player)
  else
    gone[#gone + 1] = player
  end
end
return {redis.call('ZCARD', KEYS[1]), gone}
