-- Begin a match's log with event 0, once; the process that does so follows it, and tells the others.
-- KEYS: 1 clock, 2 log, 3 record, 4 due, 5 followers, 6 processes.
-- ARGV: 1 match, 2 head of the entry, 3 its events, 4 ms to the first deadline, 5 lifetime in ms,
--       6 process, 7 what the channel of an inbox begins with, 8 what all others are told ('' for nothing).
-- Returns {1, match time}, or {0, match time} where the match exists already.
local at = match_time(KEYS[1])
if redis.call('EXISTS', KEYS[2], KEYS[3]) > 0 then
  return {0, at}
end
redis.call('RPUSH', KEYS[2], ARGV[2] .. cmsgpack.pack(at) .. ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call('ZADD', KEYS[4], at + ARGV[4], ARGV[1])
redis.call('SADD', KEYS[5], ARGV[6])
redis.call('PEXPIRE', KEYS[5], ARGV[5])
if ARGV[8] ~= '' then
  for _, process in ipairs(redis.call('ZRANGE', KEYS[6], 0, -1)) do
    if process ~= ARGV[6] then
      redis.call('SPUBLISH', ARGV[7] .. process, ARGV[8])
    end
  end
end
return {1, at}
