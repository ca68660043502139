select id from contact where id = any($1::uuid[]) and authority = $2
