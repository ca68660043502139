delete from present where authority = $1 and subject = $2 and seen_at <= $3
