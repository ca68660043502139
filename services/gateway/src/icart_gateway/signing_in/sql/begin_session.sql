insert into session (id, token_hash, person, name, authority, posts, role, csrf, began_at, seen_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
