-- Tell every process that beats in a partition, but the calling one, through its inbox.
-- KEYS: 1 processes.
-- ARGV: 1 the calling process, 2 what the channel of an inbox begins with, 3 the message.
for _, process in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if process ~= ARGV[1] then
    redis.call('SPUBLISH', ARGV[2] .. process, ARGV[3])
  end
end
