insert into draft (id, authority, agency, owner, version, saved_at, submission, state)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::uuid[], $8::jsonb[])
    as t (id, authority, agency, owner, version, saved_at, submission, state)
order by id
on conflict (id) do update set version = excluded.version, saved_at = excluded.saved_at,
    submission = excluded.submission, state = excluded.state
