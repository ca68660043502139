-- $1: topics, $2: partitions, $3: offsets, $4: agencies, $5: their own ids of what they sent, $6: correlations, $7: when,
-- $8: types, $9: what each is told, as JSON. What is read again is there already.
insert into for_agency (topic, partition, "offset", agency, subject, correlation, at, type, told)
select * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::uuid[], $6::uuid[], $7::timestamptz[], $8::text[],
                     $9::jsonb[])
on conflict (agency, topic, partition, "offset") do nothing
