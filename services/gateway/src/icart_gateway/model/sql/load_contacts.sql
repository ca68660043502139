select id, version, reference, pack_version, authority, origin, received_at, open, desktop, since, strand, urgency, level, worker,
       submitted_by, outcome, closed_at, successor, gaps, re_referral
from contact where id = any($1::uuid[]) order by id for update
