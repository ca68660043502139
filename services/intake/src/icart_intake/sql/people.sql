-- $1: people, $2: the people whom they stand for: all of them and everybody merged with them, locked in the order of their
-- ids so that nobody is merged or learned of by two instances at once. At most $3 contacts and $4 relations of each.
-- `array(select unnest(...))` hides how many are asked for: otherwise a batch of one is planned anew each time (milliseconds).
select p.id, p.authority, p.facts::text, p.held::text, p.number, p.as_of, p.standing::text, p.homes::text, p.merged_into, p.root,
    named.at as named_at, named.id as named_by,
    array(select c.id from contact c where c.person = p.id order by c.received_at desc, c.id desc limit $3) as contacts,
    (
        select jsonb_agg(distinct jsonb_build_array(near.other, near.kind, near.since, near.until, near.responsibility, near.flipped))
        from (
            select coalesce(q.root, q.id) as other, r.kind, r.since, r.until, r.responsibility, false as flipped
            from mention m join relation r on r.of_mention = m.id join mention o on o.id = r.mention
            join person q on q.id = o.person
            where m.person = p.id
            union all
            select coalesce(q.root, q.id), r.kind, r.since, r.until, r.responsibility, true
            from mention m join relation r on r.mention = m.id join mention o on o.id = r.of_mention
            join person q on q.id = o.person
            where m.person = p.id and r.responsibility is null
            union all
            select coalesce(q.root, q.id), r.kind, r.since, r.until, null, false
            from held_person own join held_relation r on (r.authority, r.number) = (own.authority, own.number)
            join held_person o on (o.authority, o.number) = (r.authority, r.relative) join person q on q.id = o.person
            where own.person = p.id
            union all
            select coalesce(q.root, q.id), r.kind, r.since, r.until, null, true
            from held_person own join held_relation r on (r.authority, r.relative) = (own.authority, own.number)
            join held_person o on (o.authority, o.number) = (r.authority, r.number) join person q on q.id = o.person
            where own.person = p.id
            union all
            select coalesce(q.root, q.id), 'responsibility', null, null, r.parental_responsibility, false
            from held_person own join held_relation r on (r.authority, r.number) = (own.authority, own.number)
            join held_person o on (o.authority, o.number) = (r.authority, r.relative) join person q on q.id = o.person
            where own.person = p.id and r.parental_responsibility is not null
            limit $4
        ) near
    )::text as relations
from person p
left join lateral (
    select m.at, m.id from mention m where m.person = p.id and p.number is null order by m.at, m.id limit 1
) named on true
where p.id = any(array(select unnest($1::uuid[]))) or p.root = any(array(select unnest($2::uuid[])))
order by p.id
for no key update of p
