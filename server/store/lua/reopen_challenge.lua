-- Undo a claim whose match cannot be: the challenge is open again, or has expired meanwhile.
-- KEYS: 1 the challenge, 2 claims, 3 playing.
-- ARGV: 1 match.
-- Returns 1 if it had been taken for that match, 0 if that was undone before.
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
if redis.call('HGET', KEYS[1], 'match') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'state', 'open')
redis.call('HDEL', KEYS[1], 'match', 'taker')
return 1
