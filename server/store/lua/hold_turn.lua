-- Take a turn that one process has at a time, or go on with one's own.
-- KEYS: 1 the turn.
-- ARGV: 1 the process, 2 how long it is held from now (ms).
-- Returns 1 if the process holds it, 0 if another does.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
