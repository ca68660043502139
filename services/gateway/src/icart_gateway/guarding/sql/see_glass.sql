update broken_glass set seen_by = $3, seen_at = $4 where id = $1 and authority = $2 and seen_at is null and person <> $3
