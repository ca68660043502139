insert into undertaking_event (undertaking, version, ordinal, type, at, body)
select * from unnest($1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::timestamptz[], $6::jsonb[])
