select * from statutory_notice where id = $1 and authority = $2
