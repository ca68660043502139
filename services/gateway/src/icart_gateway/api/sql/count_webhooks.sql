select count(*) from webhook where agency = $1
