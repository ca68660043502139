delete from saved_view where id = $1 and person = $2 and authority = $3
