-- Take what is due off the front of a list, and push it ahead: should whoever takes it die, it
-- comes up again.
-- KEYS: 1 sorted set by when to look (Redis ms).
-- ARGV: 1 how many at most, 2 how far to push in ms.
-- Returns {the new score, members}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, member in ipairs(found) do
  redis.call('ZADD', KEYS[1], now + ARGV[2], member)
end
return {now + ARGV[2], found}
