-- Keep the reviews of one card by one player, if they are what the caller added to.
-- KEYS: 1 the player's reviews of this deck, 2 the schedules that they come to.
-- ARGV: 1 lifetime of both in s, 2 the card, 3 its reviews as read ('' for none), 4 its reviews,
--       5 its schedule.
-- Returns 1 when kept, 0 where the card is not as it was read, and then nothing has changed.
if (redis.call('HGET', KEYS[1], ARGV[2]) or '') ~= ARGV[3] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[5])
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[1])
return 1
