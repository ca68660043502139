-- $1: the rows as JSON, as they are after the batch.
insert into contact (id, version, reference, pack_version, authority, origin, received_at, open, desktop, since, strand, urgency,
                     level, worker, submitted_by, outcome, closed_at, successor, gaps, re_referral)
select id, version, reference, pack_version, authority, origin, received_at, open, desktop, since, strand, urgency,
       level, worker, submitted_by, outcome, closed_at, successor, gaps, re_referral
from jsonb_populate_recordset(null::contact, $1::jsonb)
on conflict (id) do update set
    version = excluded.version, open = excluded.open, desktop = excluded.desktop, since = excluded.since,
    strand = excluded.strand, urgency = excluded.urgency, level = excluded.level, worker = excluded.worker,
    submitted_by = excluded.submitted_by, outcome = excluded.outcome, closed_at = excluded.closed_at,
    successor = excluded.successor, gaps = excluded.gaps
