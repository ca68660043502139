-- What the case system holds.
insert into person (id, authority, number, as_of, facts, standing, described, held, homes)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::jsonb[], $7::jsonb[], $8::jsonb[],
                     $9::jsonb[])
    as t (id, authority, number, as_of, facts, standing, described, held, homes)
order by id
on conflict (id) do update set number = excluded.number, as_of = excluded.as_of, facts = excluded.facts,
    standing = excluded.standing, described = excluded.described, held = excluded.held, homes = excluded.homes
where person.as_of is null or person.as_of <= excluded.as_of
