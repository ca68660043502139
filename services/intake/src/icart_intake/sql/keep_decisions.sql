-- What people decided of people: who points to whom, merges, and mentions with their contacts put to somebody else.
with pointed as (
    update person set merged_into = t.merged_into, root = t.root
    from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as t (id, merged_into, root)
    where person.id = t.id
), moved as (
    update mention set person = t.person, number = t.number
    from unnest($4::uuid[], $5::uuid[], $6::int[]) as t (id, person, number)
    where mention.id = t.id
), contacts as (
    update contact set person = t.person
    from unnest($4::uuid[], $5::uuid[]) as t (mention, person)
    where contact.mention = t.mention
)
insert into merge (id, authority, stays, goes, state, version, proposed, merged_at)
select * from unnest($7::uuid[], $8::text[], $9::uuid[], $10::uuid[], $11::text[], $12::int[], $13::jsonb[], $14::timestamptz[])
    as t (id, authority, stays, goes, state, version, proposed, merged_at)
order by id
on conflict (id) do update set state = excluded.state, version = excluded.version, merged_at = excluded.merged_at
