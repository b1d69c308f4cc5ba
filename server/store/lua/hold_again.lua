-- Say again in which live matches a process holds a seat: while it stood still it was taken for dead.
-- KEYS: 1 held (of the calling process), 2… the record of each match.
-- ARGV: the matches, in that order; one that was settled meanwhile has a record, and is held no more.
for index, match in ipairs(ARGV) do
  if redis.call('EXISTS', KEYS[index + 1]) == 0 then
    redis.call('SADD', KEYS[1], match)
  end
end
