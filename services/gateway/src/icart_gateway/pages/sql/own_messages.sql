select message from sent where message = any($1::uuid[]) and person = $2
