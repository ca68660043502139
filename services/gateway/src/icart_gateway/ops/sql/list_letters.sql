-- $1: state, $2: service, $3: topic, $4: code (null: any), $5: at most so many, $6: the authority, whose they have to be, or nobody's
-- that can be known. The oldest first.
select id, service, topic, partition, "offset", authority, code, problems, size, received_at, state, settled_by, settled_at from letter
where state = $1 and ($2::text is null or service = $2) and ($3::text is null or topic = $3) and ($4::text is null or code = $4)
  and (authority = $6 or authority is null)
order by received_at, id limit $5
