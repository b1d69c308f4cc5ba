-- Keep a new challenge; among the rematches of one match it is the latest.
-- KEYS: 1 the challenge, and for a rematch 2 the code of the latest one.
-- ARGV: 1 the offer (MessagePack), 2 ms until it expires, 3 ms until it is forgotten, and for a
--       rematch 4 its code, 5 the code that KEYS[2] is believed to hold ('' for none).
-- Returns 1 if kept, 0 where KEYS[2] holds another code.
if KEYS[2] then
  if (redis.call('GET', KEYS[2]) or '') ~= ARGV[5] then
    return 0
  end
  redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('HSET', KEYS[1], 'offer', ARGV[1], 'state', 'open', 'expires_at', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
