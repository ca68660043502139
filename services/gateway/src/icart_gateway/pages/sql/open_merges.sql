-- $1: authority, $2: the most.
select id, proposed_by, reason, at from merge
where authority = $1 and state = 'proposed' order by at, id limit $2
