insert into full_load (authority, load, agency, heard_at, as_of, said, state, accepts_fewer)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::text[], $8::boolean[])
on conflict (authority, load) do update set heard_at = excluded.heard_at, as_of = excluded.as_of, said = excluded.said,
    state = excluded.state, accepts_fewer = excluded.accepts_fewer
