select id, authority, kind, contact, pack_version, version, state, over, begun_at, at
from undertaking where id = any($1::uuid[]) order by id for update
