select id, authority, version, state, stays, goes, offer, proposed_by, decided_by, reason, note, at
from merge where id = any($1::uuid[]) order by id for update
