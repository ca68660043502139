-- The same call again finds its row and inserts nothing.
insert into receipt (id, agency, key, digest, type, subject, begun_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing returning id
