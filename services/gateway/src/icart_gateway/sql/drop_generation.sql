update generation set dropped_at = coalesce(dropped_at, clock_timestamp()) where number = $1
