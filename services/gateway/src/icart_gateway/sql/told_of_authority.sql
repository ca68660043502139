-- $1: the undertaking, $2: the authority, whose it has to be.
select at, type, body from told_of_authority where undertaking = $1 and authority = $2
