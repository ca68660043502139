-- The known siblings of each of these people: by what submissions said, by a parent in common, by the case system.
with child as (
    select t.id as asked, person.id  -- and those who were merged into them
    from unnest(array(select unnest($1::uuid[]))) as t (id)  -- hides how many: planned once, see people.sql
    cross join lateral (select t.id union all select m.id from person m where m.root = t.id) person
), related as (
    select child.asked as child, link.of_person as sibling, link.kind
    from child join link on link.person = child.id
    where link.kind in ('sibling', 'half-sibling', 'step-sibling', 'twin')
    union
    select child.asked, link.person, link.kind
    from child join link on link.of_person = child.id
    where link.kind in ('sibling', 'half-sibling', 'step-sibling', 'twin')
    union
    select child.asked, theirs.of_person, 'child of the same parent'
    from child
    join link own on own.of_person = child.id and own.kind in ('parent', 'mother', 'father')
    join link theirs on theirs.person = own.person and theirs.kind in ('parent', 'mother', 'father')
    union
    select child.asked, other.person, said.kind
    from child
    join held_person own on own.person = child.id
    join held_relation said on (said.authority, said.number) = (own.authority, own.number)
    join held_person other on (other.authority, other.number) = (said.authority, said.relative)
    where said.kind in ('sibling', 'half-sibling', 'step-sibling', 'twin')
    union
    select child.asked, other.person, said.kind
    from child
    join held_person own on own.person = child.id
    join held_relation said on (said.authority, said.relative) = (own.authority, own.number)
    join held_person other on (other.authority, other.number) = (said.authority, said.number)
    where said.kind in ('sibling', 'half-sibling', 'step-sibling', 'twin')
)
select distinct related.child, person.id as sibling, related.kind, person.facts, person.described
from related join person named on named.id = related.sibling join person on person.id = coalesce(named.root, named.id)
where person.id <> related.child
order by related.child, person.id, related.kind
