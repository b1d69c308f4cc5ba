-- Append one entry to a match's log if the log is what the caller decided on, and tell the other
-- processes that follow the match: MessagePack [0, match, index, nonce of the entry before, entry].
-- The calling process follows it from then on.
-- KEYS: 1 clock, 2 log, 3 due, 4 followers; with a mark also 5 settle, 6 record, 7 held (of the calling process).
-- ARGV: 1 match, 2 wanted length, 3 head of the entry wanted last, 4 head of the new entry,
--       5 its events, 6 not before (match time), 7 next deadline (match time, '' where it has not moved),
--       8 the match time by which the entry was decided, 9 how far that may lie back in ms,
--       10 the calling process, 11 what the channel of an inbox begins with,
--       12 mark: '' | 'hold' | 'ended' | 'settled'; for the last also 13 lifetime of a settled log
--       in ms, 14 what the key of a held set begins with: a settled match leaves those of all
--       its followers.
-- An entry is <head><match time><events>; its head holds its nonce, so "the last entry begins
-- with that head" is the comparison that is safe after a failover too.
-- Its match time is that of the decision, or the present where that lies too far back.
-- Returns {'won', match time, that of the entry}; {'early', match time}; or {'lost', match time, from, entries…}:
-- what was missed from index `from` on, or from 0 the whole log where it is another one.
local at = match_time(KEYS[1])
local wanted = tonumber(ARGV[2])
local tail = redis.call('LRANGE', KEYS[2], wanted - 1, -1)
if not tail[1] or string.sub(tail[1], 1, #ARGV[3]) ~= ARGV[3] then
  return {'lost', at, 0, unpack(redis.call('LRANGE', KEYS[2], 0, -1))}
end
if tail[2] then
  return {'lost', at, wanted, unpack(tail, 2)}
end
if at < tonumber(ARGV[6]) then
  return {'early', at}
end
local stamp = tonumber(ARGV[8])
if stamp > at or stamp < at - ARGV[9] then
  stamp = at
end
local entry = ARGV[4] .. cmsgpack.pack(stamp) .. ARGV[5]
redis.call('RPUSH', KEYS[2], entry)
local follows = redis.call('SISMEMBER', KEYS[4], ARGV[10]) == 1
if not follows then
  redis.call('SADD', KEYS[4], ARGV[10])
  redis.call('PEXPIRE', KEYS[4], redis.call('PTTL', KEYS[2]))
end
if redis.call('SCARD', KEYS[4]) > 1 then
  local before = string.sub(ARGV[3], 2)
  local told = '\149\0' .. cmsgpack.pack(ARGV[1]) .. cmsgpack.pack(wanted) .. before .. entry
  for _, process in ipairs(redis.call('SMEMBERS', KEYS[4])) do
    if process ~= ARGV[10] then
      redis.call('SPUBLISH', ARGV[11] .. process, told)
    end
  end
end
if ARGV[7] ~= '' then
  redis.call('ZADD', KEYS[3], ARGV[7], ARGV[1])
end
if ARGV[12] == 'hold' then
  redis.call('SADD', KEYS[7], ARGV[1])
elseif ARGV[12] == 'ended' then
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('ZADD', KEYS[5], at, ARGV[1])
elseif ARGV[12] == 'settled' then
  redis.call('ZREM', KEYS[5], ARGV[1])
  redis.call('COPY', KEYS[2], KEYS[6], 'REPLACE')
  redis.call('PERSIST', KEYS[6])
  redis.call('PEXPIRE', KEYS[2], ARGV[13])
  for _, process in ipairs(redis.call('SMEMBERS', KEYS[4])) do
    redis.call('SREM', ARGV[14] .. process, ARGV[1])
  end
  redis.call('DEL', KEYS[4])
end
return {'won', at, stamp}
