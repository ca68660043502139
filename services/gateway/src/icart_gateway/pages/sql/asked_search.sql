select asked from search where id = $1 and person = $2 and authority = $3 and at > $4::timestamptz - interval '1 day'
