-- Change a field of a hash, if it is what the caller believes.
-- KEYS: 1 the hash.
-- ARGV: 1 field, 2 the value believed, 3 the new value.
-- Returns 1 when done, else 0.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
