-- What the case system holds, and where to find each person by it.
with keys as (
    update person_key set people = person_key.people || t.people
    from (
        select key, array_agg(person order by person) as people
        from unnest($8::uuid[], $9::uuid[]) as u (key, person) group by key
    ) t
    where person_key.key = t.key
)
insert into person (id, authority, number, as_of, facts, standing, described)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::jsonb[], $7::jsonb[])
    as t (id, authority, number, as_of, facts, standing, described)
order by id
on conflict (id) do update set number = excluded.number, as_of = excluded.as_of, facts = excluded.facts,
    standing = excluded.standing, described = excluded.described
where person.as_of is null or person.as_of <= excluded.as_of
