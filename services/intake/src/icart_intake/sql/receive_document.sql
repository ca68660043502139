update document set state = 'waiting', size = $3, sha256 = $4, received_at = $5
where id = $1 and lease = $2 and state = 'named'
returning id
