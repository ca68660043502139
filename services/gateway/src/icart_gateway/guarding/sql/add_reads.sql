-- $1: authority, then of each row: $2: place, $3: at, $4: person, $5: role, $6: what, $7: contact, $8: child, $9: glass, $10: hash;
-- $11: the last row's place, $12: its hash.
with head as (update read_audit_head set place = $11, hash = $12 where authority = $1)
insert into read_audit (authority, place, at, person, role, what, contact, child, glass, hash)
select $1, * from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[],
                         $10::bytea[])
