-- $1: the token's digest, $2: seen since, $3: begun since. Whoever only watches is not seen by it: an open page keeps nobody signed in.
select id, person, name, authority, posts, role, csrf from session
where token_hash = $1 and seen_at > $2 and began_at > $3
