select clock, view::text from contact_clock where clock = any($1::uuid[]) order by clock for update
