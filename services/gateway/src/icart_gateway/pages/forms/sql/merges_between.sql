-- $1 and $2: two people, $3: the authority. Every merge of the two that was proposed, the newest first.
select id, state, proposed_by, decided_by, at from merge
where authority = $3 and stays in ($1, $2) and goes in ($1, $2) order by at desc, id
