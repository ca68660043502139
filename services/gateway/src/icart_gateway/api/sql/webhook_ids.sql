select id from webhook order by id
