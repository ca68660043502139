-- $1: what became of dead letters as JSON, one of each.
update letter set state = one.state, settled_by = one.by, settled_at = one.at
from jsonb_to_recordset($1::jsonb) as one (dead_letter uuid, state text, by text, at timestamptz)
where id = one.dead_letter
