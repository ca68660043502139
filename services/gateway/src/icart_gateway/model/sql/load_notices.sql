select id, authority, agency, pack_version, kind, reference, received_at, about, on_day, people, given_names, family_names, born,
       addresses, version, state, refs, services, open_cases, leads, answered_by, answered_at
from statutory_notice where id = any($1::uuid[]) order by id for update
