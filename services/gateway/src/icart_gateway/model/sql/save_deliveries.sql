-- $1: the ends of deliveries as JSON, one of each. An older end of a delivery never covers a newer one.
insert into delivery (id, authority, template, channel, agency, about, failed, attempts, sendings, reason, at)
select id, authority, template, channel, agency, about, failed, attempts, sendings, reason, at
from jsonb_populate_recordset(null::delivery, $1::jsonb)
on conflict (id) do update set
    failed = excluded.failed, attempts = excluded.attempts, sendings = excluded.sendings, reason = excluded.reason, at = excluded.at
where (delivery.sendings, delivery.at) <= (excluded.sendings, excluded.at)
