-- Change the name of an account, if it is what the caller believes and has stood long enough.
-- KEYS: 1 account.
-- ARGV: 1 the name believed, 2 the new name, 3 the least time between two changes in ms.
-- Returns 0 when done, or done before; when it may be changed (Redis ms); or -1 where the name is
-- another, or none.
local account = redis.call('HMGET', KEYS[1], 'name', 'renamed_at')
if account[1] == ARGV[2] then
  return 0
end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local at = (account[2] or -ARGV[3]) + ARGV[3]
if at > now then
  return at
end
if account[1] ~= ARGV[1] then
  return -1
end
redis.call('HSET', KEYS[1], 'name', ARGV[2], 'renamed_at', now)
return 0
