-- Put a player's seek into a pool.
-- KEYS: 1 seeks of the pool, 2 beats of the pool.
-- ARGV: 1 player, 2 MessagePack of the seek without its instant, 3 its instant where the player
--       had been waiting before (Redis ms), 0 for now.
-- A stored seek is MessagePack [instant (Redis ms), seek].
-- Returns {Redis ms, seeks in the pool}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local since = tonumber(ARGV[3])
if since == 0 then
  since = now
end
redis.call('HSET', KEYS[1], ARGV[1], '\146' .. cmsgpack.pack(since) .. ARGV[2])
redis.call('ZADD', KEYS[2], now, ARGV[1])
return {now, redis.call('HLEN', KEYS[1])}
