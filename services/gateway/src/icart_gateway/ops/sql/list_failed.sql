-- $1: the authority, $2: at most so many. The oldest first.
select id, template, channel, agency, attempts, sendings, reason, at from delivery
where failed and (authority = $1 or authority is null) order by at, id limit $2
