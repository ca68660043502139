-- Whatever the mail sender holds of it is no longer its to settle.
update delivery as d
set state = t.state, attempts = t.attempts, sendings = t.sendings, tries = 0, next_try_at = '-infinity', claim = null,
    reason = null, ended_at = case when t.state = 'made' then t.at end
from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::timestamptz[]) as t (id, state, attempts, sendings, at)
where d.id = t.id
