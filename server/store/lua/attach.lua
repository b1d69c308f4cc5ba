-- Read a match: its live log or, once that is gone, its record.
-- KEYS: 1 clock, 2 log, 3 record.
-- Returns {match time, entries}.
local at = match_time(KEYS[1])
local entries = redis.call('LRANGE', KEYS[2], 0, -1)
if #entries == 0 then
  entries = redis.call('LRANGE', KEYS[3], 0, -1)
end
return {at, entries}
