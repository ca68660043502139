-- The message as it was first sent; sent again, what stands there already.
insert into sent (message, person, authority, form, type, digest, sent_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (message) do update set message = excluded.message
returning person, authority, digest, sent_at, taken
