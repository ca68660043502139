insert into ending (contact, at, outcome, level, referral, successor)
select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::int[], $5::uuid[], $6::uuid[])
    as t (contact, at, outcome, level, referral, successor)
order by contact
on conflict do nothing
