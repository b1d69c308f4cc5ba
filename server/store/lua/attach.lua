-- Read a match: its live log or, once that is gone, its record; and have a process follow a live one.
-- One that is settled has a record beside its log for a while, and nothing more to be told of.
-- KEYS: 1 clock, 2 log, 3 record, 4 followers.
-- ARGV: 1 the index of the first entry to read, 2 process ('' for one that only reads).
-- Returns {match time, entries}.
local at = match_time(KEYS[1])
local entries = redis.call('LRANGE', KEYS[2], ARGV[1], -1)
if #entries == 0 then
  entries = redis.call('LRANGE', KEYS[3], ARGV[1], -1)
elseif ARGV[2] ~= '' and redis.call('EXISTS', KEYS[3]) == 0 then
  redis.call('SADD', KEYS[4], ARGV[2])
  redis.call('PEXPIRE', KEYS[4], redis.call('PTTL', KEYS[2]))
end
return {at, entries}
