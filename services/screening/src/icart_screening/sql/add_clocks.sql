-- A clock heard of for the first time, so that there is a row to lock; `view` says nothing of it yet.
insert into contact_clock (clock, contact, rule, state, view)
select clock, contact, rule, 'unknown', '{}'
from unnest($1::uuid[], $2::uuid[], $3::text[]) as heard (clock, contact, rule)
order by clock
on conflict (clock) do nothing
