-- What the case system has said: of people ($1 to $9), episodes ($10 to $14), where people stand ($15, $16); relationships
-- ($17 to $24) and addresses ($25 to $33) of those who were described ($34 to $37, with how many of each they have now).
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
), addresses as (
    insert into held_address (authority, number, ordinal, household, lines, postcode, temporary, since, until)
    select * from unnest($25::text[], $26::text[], $27::int[], $28::uuid[], $29::text[], $30::text[], $31::boolean[],
                         $32::date[], $33::date[])
    on conflict (authority, number, ordinal) do update set household = excluded.household, lines = excluded.lines,
        postcode = excluded.postcode, temporary = excluded.temporary, since = excluded.since, until = excluded.until
), fewer_relations as (
    delete from held_relation r using unnest($34::text[], $35::text[], $36::int[]) as t (authority, number, count)
    where (r.authority, r.number) = (t.authority, t.number) and r.ordinal >= t.count
)
delete from held_address a using unnest($34::text[], $35::text[], $37::int[]) as t (authority, number, count)
where (a.authority, a.number) = (t.authority, t.number) and a.ordinal >= t.count
