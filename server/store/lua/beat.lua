-- A sweeper's beat: show that match time runs and this process lives; take overdue work, and
-- processes that have gone. Taking pushes them PUSH_MS ahead, so that two sweepers do not both
-- have them and nothing is lost with the one that took them.
-- KEYS: 1 clock, 2 due, 3 settle, 4 processes.
-- ARGV: 1 process, 2 ms without a beat after which a process is gone, 3 ms overdue, 4 most to take.
-- Returns {match time, for how long it has stood still in all (ms), processes gone, overdue matches,
-- matches to settle, 1 if the process was known before}: one that is not known, although it has beaten, was taken for dead.
local PUSH_MS = 2000
local at, now = match_time(KEYS[1])
redis.call('HSET', KEYS[1], 'beat', now)
local known = redis.call('ZADD', KEYS[4], at, ARGV[1]) == 0 and 1 or 0
local function take(key, late)
  local taken = redis.call('ZRANGEBYSCORE', key, '-inf', at - late, 'LIMIT', 0, ARGV[4])
  for _, member in ipairs(taken) do
    redis.call('ZADD', key, at - late + PUSH_MS, member)
  end
  return taken
end
return {at, now - at, take(KEYS[4], ARGV[2]), take(KEYS[2], ARGV[3]), take(KEYS[3], ARGV[3]), known}
