-- Commit the result of one match on its ladder, exactly once.
-- KEYS: 1 marker, 2 board, 3 arrivals, 4 changes, 5 pair, then by seat: 6/7 record, 8/9 history,
--       10/11 played, 12/13 charges, 14/15 cards, 16 playing, by seat: 17/18 against, then 19/20 the gains
--       of the week and of the month, 21 answers.
-- ARGV: 1 match, 2 rated (1 or 0), 3 a day in ms, then by seat: 4/5 player, 6/7 the record
--       decided on ('' for none), 8/9 the new record ('': there is none, and none is compared), 10/11 the rating before ('' for not on the
--       board), 12/13 the rating after, 14/15 history entry, 16/17 charged (1 or 0),
--       18 the result without its instant (MessagePack), 19 to be listed among the played (1 or 0),
--       20 lifetime of the marker in ms: that of a log, which ends sooner because it began sooner,
--       then by seat: 21/22 the cards played, MessagePack [[card, answered right], ...] or '' for
--       none, 23 of how many matches the cards are kept, by seat: 24/25 `wins`, `draws` or `losses`
--       ('' for an aborted match), 26/27 the change of the rating; 28 to 31 when the week begins and
--       ends, and the month; 32 what people answered, MessagePack [[rating, cards], ...] with the
--       cards as in 21/22, or '' for nothing, 33 of how many matches that is kept.
-- The marker holds MessagePack [instant, result] and makes any repeat return the stored numbers.
-- Returns {'stored', marker}, {'changed'} where a record is not the one decided on, or
-- {'another span', now} where it is another week or month.
local stored = redis.call('GET', KEYS[1])
if stored then
  return {'stored', stored}
end
for seat = 0, 1 do
  if ARGV[8 + seat] ~= '' and (redis.call('GET', KEYS[6 + seat]) or '') ~= ARGV[6 + seat] then
    return {'changed'}
  end
end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
for span = 0, 1 do
  if now < tonumber(ARGV[28 + 2 * span]) or now >= tonumber(ARGV[29 + 2 * span]) then
    return {'another span', now}
  end
end
redis.call('ZREM', KEYS[16], ARGV[1])
if ARGV[32] ~= '' then
  redis.call('LPUSH', KEYS[21], ARGV[32])
  redis.call('LTRIM', KEYS[21], 0, ARGV[33] - 1)
end
for seat = 0, 1 do
  if ARGV[8 + seat] ~= '' then
    redis.call('SET', KEYS[6 + seat], ARGV[8 + seat])
  end
  if ARGV[19] == '1' then
    redis.call('ZADD', KEYS[10 + seat], now, ARGV[1])
  end
  if ARGV[16 + seat] == '1' then
    redis.call('ZADD', KEYS[12 + seat], now, ARGV[1])
    redis.call('PEXPIRE', KEYS[12 + seat], ARGV[3])
  end
  if ARGV[21 + seat] ~= '' then
    redis.call('LPUSH', KEYS[14 + seat], '\146' .. cmsgpack.pack(now) .. ARGV[21 + seat])
    redis.call('LTRIM', KEYS[14 + seat], 0, ARGV[23] - 1)
  end
  if ARGV[24 + seat] ~= '' then
    redis.call('HINCRBY', KEYS[17 + seat], ARGV[24 + seat] .. ' ' .. ARGV[5 - seat], 1)
  end
  if ARGV[2] == '1' then
    redis.call('LPUSH', KEYS[8 + seat], '\146' .. cmsgpack.pack(now) .. ARGV[14 + seat])
    -- Who holds a rating first stands first: a change of nothing keeps the place.
    local arrival = redis.call('INCR', KEYS[3])
    if ARGV[10 + seat] ~= ARGV[12 + seat] then
      local score = (tonumber(ARGV[12 + seat]) + 1) * 2 ^ 40 - arrival
      redis.call('ZADD', KEYS[2], string.format('%.0f', score), ARGV[4 + seat])
    end
    for span = 0, 1 do
      local gains, player, change = KEYS[19 + span], ARGV[4 + seat], tonumber(ARGV[26 + seat])
      local before = redis.call('ZSCORE', gains, player)
      if not before or change ~= 0 then
        local gain = math.floor((tonumber(before) or 0) / 2 ^ 40) + change
        local score = (gain + 1) * 2 ^ 40 - arrival
        redis.call('ZADD', gains, string.format('%.0f', score), player)
      end
      redis.call('PEXPIREAT', gains, ARGV[29 + 2 * span])
    end
  end
end
if ARGV[2] == '1' then
  redis.call('INCR', KEYS[4])
  redis.call('ZADD', KEYS[5], now, ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - ARGV[3])
  redis.call('PEXPIRE', KEYS[5], ARGV[3])
end
local marker = '\146' .. cmsgpack.pack(now) .. ARGV[18]
redis.call('SET', KEYS[1], marker, 'PX', ARGV[20])
return {'stored', marker}
