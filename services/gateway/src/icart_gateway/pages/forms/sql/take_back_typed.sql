update typed set discarded_at = null where authority = $1 and person = $2 and form = $3 and discarded_at > $4
