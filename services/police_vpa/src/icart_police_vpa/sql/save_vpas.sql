insert into vpa (id, authority, agency, pack_version, grade, version, status, received_at, state)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[],
                     $8::timestamptz[], $9::jsonb[])
on conflict (id) do update
set version = excluded.version,
    status = excluded.status,
    state = excluded.state
