insert into broken_glass (id, authority, contact, person, name, role, reason, at, until)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing returning id
