-- Leave of an account only that it was deleted.
-- KEYS: 1 account.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'deleted', 1)
