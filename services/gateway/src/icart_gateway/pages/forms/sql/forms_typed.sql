-- $1: authority, $2: person. Every form with words of theirs, the newest first.
select form, max(saved_at) as saved_at from typed
where authority = $1 and person = $2 and discarded_at is null
group by form order by max(saved_at) desc, form
