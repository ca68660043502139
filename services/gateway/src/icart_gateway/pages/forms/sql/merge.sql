select * from merge where id = $1 and authority = $2
