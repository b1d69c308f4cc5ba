-- Strike a member off a list of what is due, unless it was put there anew.
-- KEYS: 1 sorted set by when to look (Redis ms).
-- ARGV: 1 member, 2 the score it had when it was taken.
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or -1) == tonumber(ARGV[2]) then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
