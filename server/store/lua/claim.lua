-- Take two seeks for one match, both or neither, and keep event 0 until the match's log has it.
-- KEYS: 1 seeks of the pool, 2 beats of the pool, 3 claims, 4 playing.
-- ARGV: 1 match, 2 the claim (MessagePack), 3 player, 4 its stored seek, 5 player, 6 its stored seek.
-- Returns 1 if claimed, 0 if either seek is not that one any more.
if redis.call('HGET', KEYS[1], ARGV[3]) ~= ARGV[4] or redis.call('HGET', KEYS[1], ARGV[5]) ~= ARGV[6] then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[3], ARGV[5])
redis.call('ZREM', KEYS[2], ARGV[3], ARGV[5])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
local t = redis.call('TIME')
redis.call('ZADD', KEYS[4], t[1] * 1000 + math.floor(t[2] / 1000), ARGV[1])
return 1
