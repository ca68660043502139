insert into receipt (delivery, sendings, attempts, state, reason, ended_at)
select * from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::timestamptz[])
    as t (delivery, sendings, attempts, state, reason, ended_at)
order by delivery, sendings
on conflict do nothing
