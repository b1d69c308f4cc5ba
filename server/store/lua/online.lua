-- Who is here: how many, some of them, and which of those asked about.
-- KEYS: 1 online.
-- ARGV: 1 ms after which a player who was not seen is gone, 2 how many to list, 3… players asked about.
-- Returns {how many, {player, …}, {1 or 0 for each one asked about}}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
local here = {}
for i = 3, #ARGV do
  here[i - 2] = redis.call('ZSCORE', KEYS[1], ARGV[i]) and 1 or 0
end
local listed = {}
if tonumber(ARGV[2]) > 0 then
  listed = redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1)
end
return {redis.call('ZCARD', KEYS[1]), listed, here}
