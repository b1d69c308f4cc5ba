-- How a one-time link stands; an open one may be taken, once.
-- KEYS: 1 link of the player.
-- ARGV: 1 hash of the secret, 2 take it (1 or 0).
-- Returns {state before (open, used, expired, unknown), ms left}.
local link = redis.call('HMGET', KEYS[1], 'secret', 'ends_at', 'used')
if link[1] ~= ARGV[1] then
  return {'unknown', 0}
end
if link[3] then
  return {'used', 0}
end
local t = redis.call('TIME')
local left = link[2] - (t[1] * 1000 + math.floor(t[2] / 1000))
if left <= 0 then
  return {'expired', 0}
end
if ARGV[2] == '1' then
  redis.call('HSET', KEYS[1], 'used', 1)
end
return {'open', left}
