delete from typed where authority = $1 and person = $2 and discarded_at <= $3
