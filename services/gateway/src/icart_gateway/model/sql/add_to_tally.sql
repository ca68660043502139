-- $1: authorities, $2: measures, $3: days or Mondays, $4: agencies, $5: what, $6: how many; each key once, in its own order.
insert into tally (authority, measure, since, agency, what, count)
select * from unnest($1::text[], $2::text[], $3::date[], $4::text[], $5::text[], $6::bigint[])
on conflict (authority, measure, since, agency, what) do update set count = tally.count + excluded.count
