-- Change what a key holds (a player's hold, a name), if it is what the caller believes; once done, done.
-- KEYS: 1 the key.
-- ARGV: 1 the value believed ('' for none), 2 the new value ('' for none).
-- Returns {1, value now} or {0, value now}.
local value = redis.call('GET', KEYS[1]) or ''
if value == ARGV[1] and value ~= ARGV[2] then
  if ARGV[2] == '' then
    redis.call('DEL', KEYS[1])
  else
    redis.call('SET', KEYS[1], ARGV[2])
  end
  value = ARGV[2]
end
return {value == ARGV[2] and 1 or 0, value}
