update generation set filled_at = coalesce(filled_at, clock_timestamp()) where number = $1
