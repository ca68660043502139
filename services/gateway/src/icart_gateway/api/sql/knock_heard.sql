update knock set delivered_at = $2, failure = null where id = $1
