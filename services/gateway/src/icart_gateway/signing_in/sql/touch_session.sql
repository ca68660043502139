-- $1: the token's digest, $2: now, $3: seen since, $4: begun since.
update session set seen_at = $2 where token_hash = $1 and seen_at > $3 and began_at > $4
returning id, person, name, authority, posts, role, csrf
