-- Finish a game of tiles, once. The best changes nowhere else, so what was read of it while this
-- game was open is still so: nothing is decided here.
-- KEYS: 1 game, 2 best of the player.
-- ARGV: 1 game, 2 the finish (MessagePack), 3 the best from now on (MessagePack), 4 its lifetime in s.
-- Returns the finish that was stored first, or nil where that is not the player's game any more.
local game = redis.call('HMGET', KEYS[1], 'id', 'finish')
if game[1] ~= ARGV[1] then
  return nil
end
if game[2] then
  return game[2]
end
redis.call('HSET', KEYS[1], 'finish', ARGV[2])
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[4])
return ARGV[2]
