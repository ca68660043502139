update submission set clocks = t.clocks, record_due = false, completed_by = t.completed_by
from unnest($1::uuid[], $2::jsonb[], $3::uuid[]) as t (id, clocks, completed_by)
where submission.id = t.id
