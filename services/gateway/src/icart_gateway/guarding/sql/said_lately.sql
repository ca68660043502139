-- $1: authority, $2: person, $3: contacts, $4: since when. Those whose name on a list this person was said to have seen since.
select distinct contact from read_audit
where contact = any($3::uuid[]) and at > $4 and authority = $1 and person = $2 and what = 'list'
