select id, contact, staff, reason, set_by, set_at from shut_record where authority = $1 and lifted_at is null
order by set_at desc limit 500
