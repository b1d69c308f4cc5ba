-- Take a player's seek back, if it is still the one meant.
-- KEYS: 1 seeks of the pool, 2 beats of the pool.
-- ARGV: 1 player, 2 the stored seek.
-- Returns 1 if it was taken back, 0 if a pass or a cancel had been quicker.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
