-- A game of tiles, what it came to if it is finished, and the present instant.
-- KEYS: 1 game, 2 best of the player.
-- ARGV: 1 game.
-- Returns {Redis ms, dealt at (Redis ms), deal, finish or nil, best or nil} (MessagePack each), or
-- nil where that is not the player's game (any more).
local game = redis.call('HMGET', KEYS[1], 'id', 'dealt_at', 'deal', 'finish')
if game[1] ~= ARGV[1] then
  return nil
end
local t = redis.call('TIME')
return {t[1] * 1000 + math.floor(t[2] / 1000), tonumber(game[2]), game[3], game[4], redis.call('GET', KEYS[2])}
