-- $3: the time at which whoever began it is thought to have died. One of several who try again goes on.
update receipt set begun_at = $4 where agency = $1 and key = $2 and received_at is null and begun_at <= $3 returning id
