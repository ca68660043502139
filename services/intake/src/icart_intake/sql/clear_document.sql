update document set cleared = true, look_at = '-infinity', tries = 0, lease = null, leased_until = null
where id = $1 and lease = $2
