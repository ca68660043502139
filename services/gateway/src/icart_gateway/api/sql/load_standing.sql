-- $1: agency, $2: its own id of what it sent, $3: the place of what it sent. What another agency was told is never found.
select type, told, at, correlation, topic, partition, "offset" from for_agency
where agency = $1 and (subject = $2 or correlation = $3)
order by at, topic, partition, "offset"
