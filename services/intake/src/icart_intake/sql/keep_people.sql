-- All that a batch leaves behind of people. $10 has the blocks of each person of $11 as one text: a tenth of the values to hand over.
with new as (
    insert into person (id, authority, facts, standing, homes, described)
    select * from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::jsonb[], $5::jsonb[], $6::jsonb[])
), changed as (
    update person set facts = t.facts, homes = t.homes
    from unnest($7::uuid[], $8::jsonb[], $9::jsonb[]) as t (id, facts, homes)
    where person.id = t.id
), blocks as (
    insert into person_block (block, person)
    select near.block, t.person from unnest($10::text[], $11::uuid[]) as t (blocks, person)
    cross join lateral unnest(string_to_array(t.blocks, ',')::bigint[]) as near (block)
    order by near.block, t.person
    on conflict do nothing
), residents as (
    insert into residence (key, person)
    select * from unnest($12::bigint[], $13::uuid[]) as t (key, person) order by key, person
    on conflict do nothing
), mentions as (
    insert into mention (id, authority, submission, ref, at, described, facts, person, number)
    select * from unnest($14::uuid[], $15::text[], $16::uuid[], $17::text[], $18::timestamptz[], $19::jsonb[], $20::jsonb[],
                         $21::uuid[], $22::int[])
), puts as (
    insert into put (mention, number, person, at, because, by, reason, weights, score, terms)
    select * from unnest($23::uuid[], $24::int[], $25::uuid[], $26::timestamptz[], $27::uuid[], $28::jsonb[], $29::text[],
                         $30::text[], $31::real[], $32::jsonb[])
), relations as (
    insert into relation (mention, of_mention, kind, since, until, responsibility)
    select * from unnest($33::uuid[], $34::uuid[], $35::text[], $36::date[], $37::date[], $38::boolean[])
    on conflict do nothing
)
insert into match_pair (id, authority, one, other, state, version, score, terms, weights, at, mention, known)
select * from unnest($39::uuid[], $40::text[], $41::uuid[], $42::uuid[], $43::text[], $44::int[], $45::real[], $46::jsonb[],
                     $47::text[], $48::timestamptz[], $49::uuid[], $50::uuid[])
    as t (id, authority, one, other, state, version, score, terms, weights, at, mention, known)
order by one, other
on conflict (one, other) do update set state = excluded.state, version = excluded.version, score = excluded.score,
    terms = excluded.terms, weights = excluded.weights, at = excluded.at, mention = excluded.mention, known = excluded.known
