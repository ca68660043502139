select agency, places from webhook where id = $1 for update
