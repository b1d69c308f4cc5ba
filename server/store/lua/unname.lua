-- Take the name from an account whose player is held for just that, and let go of the player.
-- The account remembers the name, so that its player can be told.
-- KEYS: 1 account, 2 what holds the player.
-- ARGV: 1 the name, 2 the hold, 3 the least age of the name in ms.
-- Returns 1 when done, else 0; either way that hold is gone.
if redis.call('GET', KEYS[2]) ~= ARGV[2] then
  return 0
end
redis.call('DEL', KEYS[2])
local account = redis.call('HMGET', KEYS[1], 'name', 'created_at')
local t = redis.call('TIME')
local age = t[1] * 1000 + math.floor(t[2] / 1000) - (account[2] or 0)
if account[1] ~= ARGV[1] or age < tonumber(ARGV[3]) then
  return 0
end
redis.call('HSET', KEYS[1], 'freed', ARGV[1])
redis.call('HDEL', KEYS[1], 'name')
return 1
