select * from mention where id = $1 and authority = $2
