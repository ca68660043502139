delete from receipt where begun_at < $1
