-- Take a player off the boards, and forget what is kept of him alone.
-- KEYS: 1 changes, 2 board, 3 and 4 gains of this week and month, the rest what is his alone.
-- ARGV: 1 player.
local was = redis.call('ZREM', KEYS[2], ARGV[1])
was = was + redis.call('ZREM', KEYS[3], ARGV[1]) + redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('DEL', unpack(KEYS, 5))
if was > 0 then
  redis.call('INCR', KEYS[1])
end
