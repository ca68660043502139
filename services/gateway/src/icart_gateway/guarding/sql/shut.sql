insert into shut_record (id, authority, contact, child, staff, reason, set_by, set_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (id) do nothing
