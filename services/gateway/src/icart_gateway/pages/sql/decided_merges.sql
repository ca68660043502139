-- $1: authority, $2: the most. The newest first.
select id, state, proposed_by, decided_by, reason, at from merge
where authority = $1 and state <> 'proposed' order by at desc, id limit $2
