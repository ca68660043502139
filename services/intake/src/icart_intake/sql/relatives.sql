-- Who is related to these people, as either side says: `relative` is the `kind` of `person`, or (`other_way`) the other way round.
select t.person, other.person as relative, r.kind, false as other_way, r.parental_responsibility, r.since, r.until
from unnest($1::uuid[]) as t (person)
join held_person own on own.person = t.person
join held_relation r on (r.authority, r.number) = (own.authority, own.number)
join held_person other on (other.authority, other.number) = (r.authority, r.relative)
where other.person is not null and other.person <> t.person
union
select t.person, other.person, r.kind, true, null, r.since, r.until
from unnest($1::uuid[]) as t (person)
join held_person own on own.person = t.person
join held_relation r on (r.authority, r.relative) = (own.authority, own.number)
join held_person other on (other.authority, other.number) = (r.authority, r.number)
where other.person is not null and other.person <> t.person
order by 1, 2, 3, 4, 6
