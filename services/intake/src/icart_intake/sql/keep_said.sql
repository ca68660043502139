-- What the case system has said: of people ($1 to $9), episodes ($10 to $14), where people stand ($15, $16); relationships
-- ($17 to $24) of those who were described ($25 to $27, with how many they have now).
with people as (
    insert into held_person (authority, number, person, as_of, listed_as_of, gone_as_of, heard_as_of, base, remarks)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
                         $7::timestamptz[], $8::jsonb[], $9::jsonb[])
    on conflict (authority, number) do update set person = excluded.person, as_of = excluded.as_of,
        listed_as_of = excluded.listed_as_of, gone_as_of = excluded.gone_as_of, heard_as_of = excluded.heard_as_of,
        base = excluded.base, remarks = excluded.remarks
), episodes as (
    insert into held_episode (authority, number, episode, as_of, said)
    select * from unnest($10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::jsonb[])
    on conflict (authority, number, episode) do update set as_of = excluded.as_of, said = excluded.said
), standing as (
    update person set standing = t.standing from unnest($15::uuid[], $16::jsonb[]) as t (id, standing) where person.id = t.id
), relations as (
    insert into held_relation (authority, number, ordinal, relative, kind, parental_responsibility, since, until)
    select * from unnest($17::text[], $18::text[], $19::int[], $20::text[], $21::text[], $22::boolean[], $23::date[], $24::date[])
    on conflict (authority, number, ordinal) do update set relative = excluded.relative, kind = excluded.kind,
        parental_responsibility = excluded.parental_responsibility, since = excluded.since, until = excluded.until
)
delete from held_relation r using unnest($25::text[], $26::text[], $27::int[]) as t (authority, number, count)
where (r.authority, r.number) = (t.authority, t.number) and r.ordinal >= t.count
