select * from assessment where id = $1 and authority = $2
