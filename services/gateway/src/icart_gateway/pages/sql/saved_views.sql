select id, name, query from saved_view where person = $1 and authority = $2 order by name
