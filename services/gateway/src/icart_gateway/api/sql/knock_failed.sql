update knock set failure = $2, next_at = $3, dead_at = $4 where id = $1 and delivered_at is null
