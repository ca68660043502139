-- $1: authority, $2: the most. The longest waiting first.
select id, agency, grade, received_at, state, cardinality(children) as children from assessment
where authority = $1 and state in ('recorded', 'proposed', 'secondary') order by received_at, id limit $2
