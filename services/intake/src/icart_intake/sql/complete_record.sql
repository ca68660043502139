update submission set clocks = t.clocks, notes = t.notes
from unnest($1::uuid[], $2::jsonb[], $3::text[]) as t (id, clocks, notes)
where submission.id = t.id
