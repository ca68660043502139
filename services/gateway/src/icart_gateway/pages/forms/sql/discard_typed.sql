update typed set discarded_at = $4 where authority = $1 and person = $2 and form = $3 and discarded_at is null
