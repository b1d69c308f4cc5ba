-- End an open challenge that is not taken: it is declined or withdrawn.
-- KEYS: 1 the challenge.
-- ARGV: 1 its state from now on.
-- Returns 1 if it was open, 0 if it had ended or expired.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'state', 'expires_at')
if found[1] ~= 'open' or tonumber(found[2]) <= now then
  return 0
end
redis.call('HSET', KEYS[1], 'state', ARGV[1])
return 1
