-- $1: the letter, $2: the authority, whose it has to be, or nobody's that can be known.
select id, service, topic, partition, "offset", authority, code, problems, size, received_at, state, settled_by, settled_at from letter
where id = $1 and (authority = $2 or authority is null)
