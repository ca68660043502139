select field, value, saved_at from typed
where authority = $1 and person = $2 and form = $3 and discarded_at is null
