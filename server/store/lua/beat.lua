-- A sweeper's beat: show that match time runs and this process lives; take overdue work.
-- Taking pushes the work PUSH_MS ahead, so that two sweepers do not both have it and
-- nothing is lost with the one that took it.
-- KEYS: 1 clock, 2 due, 3 settle, 4 processes.
-- ARGV: 1 process, 2 ms without a beat after which a process is gone, 3 ms overdue, 4 most to take.
-- Returns {match time, processes gone, overdue matches, matches to settle, 1 if it was known before}:
-- one that is not known, although it has beaten, was taken for dead.
local PUSH_MS = 2000
local at, now = match_time(KEYS[1])
redis.call('HSET', KEYS[1], 'beat', now)
local known = redis.call('ZADD', KEYS[4], at, ARGV[1]) == 0 and 1 or 0
local gone = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', at - ARGV[2])
local function take(key)
  local work = redis.call('ZRANGEBYSCORE', key, '-inf', at - ARGV[3], 'LIMIT', 0, ARGV[4])
  for _, match in ipairs(work) do
    redis.call('ZADD', key, at - ARGV[3] + PUSH_MS, match)
  end
  return work
end
return {at, gone, take(KEYS[2]), take(KEYS[3]), known}
