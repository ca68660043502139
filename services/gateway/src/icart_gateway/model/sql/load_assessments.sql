select id, authority, agency, pack_version, grade, received_at, children, missing, version, state, secondary_needed, proposed_for,
       proposed_routes, proposed_as, because, marac, assessed_by, reason, at
from assessment where id = any($1::uuid[]) order by id for update
