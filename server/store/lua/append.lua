-- Append one entry to a match's log if the log is what the caller decided on, and tell the other
-- processes that follow the match: MessagePack [0, match, index, nonce of the entry before, entry].
-- The calling process follows it from then on.
-- KEYS: 1 clock, 2 log, 3 due, 4 settle, 5 record, 6 held (of the calling process), 7 followers.
-- ARGV: 1 match, 2 wanted length, 3 head of the entry wanted last, 4 head of the new entry,
--       5 its events, 6 not before (match time), 7 next deadline (match time, '' for none),
--       8 mark: '' | 'hold' | 'ended' | 'settled', 9 lifetime of a settled log in ms,
--       10 the match time by which the entry was decided, 11 how far that may lie back in ms,
--       12 the calling process, 13 what the channel of an inbox begins with, 14 what the key of a
--       held set begins with: a settled match leaves those of all its followers.
-- An entry is <head><match time><events>; its head holds its nonce, so "the last entry begins
-- with that head" is the comparison that is safe after a failover too.
-- Its match time is that of the decision, or the present where that lies too far back.
-- Returns {'won', match time, that of the entry}; {'early', match time}; or {'lost', match time, from, entries…}:
-- what was missed from index `from` on, or from 0 the whole log where it is another one.
local at = match_time(KEYS[1])
local wanted = tonumber(ARGV[2])
local last = redis.call('LINDEX', KEYS[2], wanted - 1)
if not last or string.sub(last, 1, #ARGV[3]) ~= ARGV[3] then
  return {'lost', at, 0, unpack(redis.call('LRANGE', KEYS[2], 0, -1))}
end
if redis.call('LLEN', KEYS[2]) ~= wanted then
  return {'lost', at, wanted, unpack(redis.call('LRANGE', KEYS[2], wanted, -1))}
end
if at < tonumber(ARGV[6]) then
  return {'early', at}
end
local stamp = tonumber(ARGV[10])
if stamp > at or stamp < at - ARGV[11] then
  stamp = at
end
local entry = ARGV[4] .. cmsgpack.pack(stamp) .. ARGV[5]
redis.call('RPUSH', KEYS[2], entry)
local follows = false
local followers = redis.call('SMEMBERS', KEYS[7])
for _, process in ipairs(followers) do
  if process == ARGV[12] then
    follows = true
  else
    local before = string.sub(ARGV[3], 2)
    local told = '\149\0' .. cmsgpack.pack(ARGV[1]) .. cmsgpack.pack(wanted) .. before .. entry
    redis.call('SPUBLISH', ARGV[13] .. process, told)
  end
end
if not follows then
  redis.call('SADD', KEYS[7], ARGV[12])
  redis.call('PEXPIRE', KEYS[7], redis.call('PTTL', KEYS[2]))
end
if ARGV[7] ~= '' then
  redis.call('ZADD', KEYS[3], ARGV[7], ARGV[1])
end
if ARGV[8] == 'hold' then
  redis.call('SADD', KEYS[6], ARGV[1])
elseif ARGV[8] == 'ended' then
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('ZADD', KEYS[4], at, ARGV[1])
elseif ARGV[8] == 'settled' then
  redis.call('ZREM', KEYS[4], ARGV[1])
  redis.call('COPY', KEYS[2], KEYS[5], 'REPLACE')
  redis.call('PERSIST', KEYS[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[9])
  redis.call('DEL', KEYS[7])
  redis.call('SREM', KEYS[6], ARGV[1])
  for _, process in ipairs(followers) do
    redis.call('SREM', ARGV[14] .. process, ARGV[1])
  end
end
return {'won', at, stamp}
