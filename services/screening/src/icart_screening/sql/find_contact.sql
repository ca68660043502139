-- $1: an id, or null; $2: a reference, as people write it.
select id from contact where id = $1
union
select id from contact where state ->> 'reference' = $2
