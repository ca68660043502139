-- $1: the delivery, $2: the authority, whose it has to be, or nobody's that can be known.
select true from delivery where id = $1 and failed and (authority = $2 or authority is null)
