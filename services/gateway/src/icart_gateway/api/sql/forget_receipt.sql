delete from receipt where id = $1 and received_at is null
