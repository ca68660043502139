-- Whom the loads of a batch name; returns those who were not named before.
insert into full_load_person (authority, load, number)
select * from unnest($1::text[], $2::uuid[], $3::text[]) as t (authority, load, number) order by 1, 2, 3
on conflict do nothing
returning authority, load, number
