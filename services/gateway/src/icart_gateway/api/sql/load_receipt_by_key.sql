select id, digest, begun_at, received_at from receipt where agency = $1 and key = $2
