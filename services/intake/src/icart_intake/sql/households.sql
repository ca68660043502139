-- Who lives at an address where one of these people lives, on a day: each person with everybody else there.
select distinct t.person, own.household, other.person as with_person
from unnest($1::uuid[]) as t (person)
join held_person h on h.person = t.person
join held_address own on (own.authority, own.number) = (h.authority, h.number)
join held_address there on there.household = own.household
join held_person other on (other.authority, other.number) = (there.authority, there.number)
where own.household is not null and other.person is not null and other.person <> t.person
  and (own.since is null or own.since <= $2) and (own.until is null or own.until > $2)
  and (there.since is null or there.since <= $2) and (there.until is null or there.until > $2)
order by 1, 2, 3
