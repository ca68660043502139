delete from webhook where id = $1 and agency = $2
