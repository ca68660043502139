-- What was decided about sharing a child's information, in the order in which it happened. $1: authority, $2: the person,
-- $3: the types of events that are shares or decisions about them. What a worker looks up in our own records is no share.
select e.type, e.body::text
from contact c
join undertaking u on u.contact = c.id and u.kind in ('check', 'sharing')
join undertaking_event e on e.undertaking = u.id
where c.authority = $1 and (c.state #>> '{arrival,child,person}')::uuid = $2
  and e.type = any($3::text[]) and (u.kind = 'sharing' or e.body ? 'agency')
order by e.at, e.undertaking, e.version, e.ordinal
