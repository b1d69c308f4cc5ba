-- Take an open challenge for a match, once, and keep event 0 until the match's log has it.
-- KEYS: 1 the challenge, 2 claims, 3 playing.
-- ARGV: 1 match, 2 the claim (MessagePack), 3 the player who takes it.
-- Returns 1 if claimed, 0 if it was not open any more.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'state', 'expires_at')
if found[1] ~= 'open' or tonumber(found[2]) <= now then
  return 0
end
redis.call('HSET', KEYS[1], 'state', 'accepted', 'match', ARGV[1], 'taker', ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], now, ARGV[1])
return 1
