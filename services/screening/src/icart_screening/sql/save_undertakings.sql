insert into undertaking (id, kind, authority, contact, state, open, version, begun_at, body)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::bool[], $7::int[], $8::timestamptz[],
                     $9::jsonb[])
on conflict (id) do update
set state = excluded.state, open = excluded.open, version = excluded.version, body = excluded.body
