-- $1: messages, $2: contacts, $3: undertakings, $4: when, $5: versions, $6: types, $7: bodies. What is read again is there already.
insert into told (id, contact, undertaking, at, version, type, body)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::int[], $6::text[], $7::jsonb[])
on conflict (id) do nothing
