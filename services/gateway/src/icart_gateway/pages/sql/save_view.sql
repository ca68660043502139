-- $7: the most that one person keeps; one more is not taken.
insert into saved_view (id, person, authority, name, query, made_at)
select $1, $2, $3, $4, $5, $6
where (select count(*) from saved_view where person = $2 and authority = $3 and name <> $4) < $7
on conflict (person, authority, name) do update set query = excluded.query, made_at = excluded.made_at
