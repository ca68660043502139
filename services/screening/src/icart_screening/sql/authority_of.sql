select authority from contact where id = $1
