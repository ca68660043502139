select body::text from undertaking where id = $1
