-- Say that players are here, or were a moment ago; whoever has not been for a while is dropped.
-- KEYS: 1 online.
-- ARGV: 1 ms after which a player who was not seen is gone, 2 how many ms ago these were seen,
--       3… players.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
for i = 3, #ARGV do
  redis.call('ZADD', KEYS[1], now - ARGV[2], ARGV[i])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
return 1
