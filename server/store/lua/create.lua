-- Begin a match's log with event 0, once; the process that does so follows it.
-- KEYS: 1 clock, 2 log, 3 record, 4 due, 5 followers.
-- ARGV: 1 match, 2 head of the entry, 3 its events, 4 ms to the first deadline, 5 lifetime in ms,
--       6 process.
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
return {1, at}
