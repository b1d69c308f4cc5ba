-- Match time: Redis time less the partition's pauses, in whole milliseconds.
-- A gap of more than GAP_MS since the last beat means that Redis, or every process,
-- was away: it is added to the pauses by whichever script notices first.
-- Whoever runs while the beat is older than FRESH_MS moves it, so that match time never
-- comes back by more than that at a pause.
-- clock_key: hash `beat` (Redis ms of the last beat), `paused` (total ms).
-- Returns match time, Redis time.
local GAP_MS = 2000
local FRESH_MS = 50
local function match_time(clock_key)
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  local clock = redis.call('HMGET', clock_key, 'beat', 'paused')
  local beat, paused = tonumber(clock[1]), tonumber(clock[2]) or 0
  if not beat then
    redis.call('HSET', clock_key, 'beat', now)
  elseif now - beat > GAP_MS then
    paused = paused + (now - beat)
    redis.call('HSET', clock_key, 'beat', now, 'paused', paused)
  elseif now - beat > FRESH_MS then
    redis.call('HSET', clock_key, 'beat', now)
  end
  return now - paused, now
end
