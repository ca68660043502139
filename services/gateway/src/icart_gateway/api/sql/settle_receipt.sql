update receipt set received_at = $2, correlation = $3 where id = $1
