-- $1: authority, $2: subject, $3: person who asks, $4: seen since. Each other person once, with what they are writing in.
select name, max(typing) as typing from present
where authority = $1 and subject = $2 and person <> $3 and seen_at > $4 group by person, name order by name
