insert into notice (id, authority, state, version, whole)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::jsonb[])
on conflict (id) do update set state = excluded.state, version = excluded.version, whole = excluded.whole
