select contact, child, staff from shut_record where id = $1 and authority = $2 and lifted_at is null
