select * from offer where id = $1 and authority = $2
