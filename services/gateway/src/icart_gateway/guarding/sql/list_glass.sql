-- What nobody has seen yet comes first.
select id, contact, person, name, role, reason, at, until, seen_by, seen_at from broken_glass where authority = $1
order by seen_at is not null, at desc limit 200
