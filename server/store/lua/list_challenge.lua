-- List a challenge among a player's own; what has expired is no longer listed.
-- KEYS: 1 the player's challenges, and for one by the player 2 how many were listed in an hour.
-- ARGV: 1 kind, 2 what only one of this kind may be about, 3 code, 4 ms until it expires, 5 how
--       many of this kind may be listed, 6 lifetime of KEYS[1] in ms, and with KEYS[2] 7 an hour
--       in ms, 8 how many may be listed in it.
-- Returns '' if listed, the code of the one about the same, or 'full'.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local of_kind, same = ARGV[1] .. ' ', ARGV[1] .. ' ' .. ARGV[2] .. ' '
local listed = 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, 1, #same) == same then
    return string.sub(member, #same + 1)
  end
  if string.sub(member, 1, #of_kind) == of_kind then
    listed = listed + 1
  end
end
if listed >= tonumber(ARGV[5]) then
  return 'full'
end
if KEYS[2] then
  local offered = redis.call('INCR', KEYS[2])
  if offered == 1 then
    redis.call('PEXPIRE', KEYS[2], ARGV[7])
  end
  if offered > tonumber(ARGV[8]) then
    return 'full'
  end
end
redis.call('ZADD', KEYS[1], now + ARGV[4], same .. ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return ''
