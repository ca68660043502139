update webhook set places = $2 where id = $1
