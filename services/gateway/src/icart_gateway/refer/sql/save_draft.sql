insert into public_draft (id, authority, sealed, saved_at, expires_at) values ($1, $2, $3, $4, $5)
on conflict (id) do update set sealed = excluded.sealed, saved_at = excluded.saved_at, expires_at = excluded.expires_at
