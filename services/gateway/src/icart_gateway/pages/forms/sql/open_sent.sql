-- $1: authority, $2: person. What they sent and have not seen the answer of.
select message, form, type, sent_at, taken from sent where authority = $1 and person = $2 and not settled order by sent_at
