select id from broken_glass where contact = $1 and person = $2 and authority = $3 and until > $4 order by until desc limit 1
