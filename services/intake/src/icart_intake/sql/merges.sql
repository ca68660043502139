-- These merges, and those proposed for these people, locked.
select id, authority, stays, goes, state, version, proposed::text, merged_at
from merge
where id = any($1::uuid[]) or (state = 'proposed' and (stays = any($2::uuid[]) or goes = any($2::uuid[])))
order by id for no key update
