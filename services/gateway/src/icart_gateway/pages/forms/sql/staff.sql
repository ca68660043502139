-- $1: authority, $2: role. Everybody who has signed in and may act in the role.
select distinct on (person) person, name from session
where authority = $1 and $2 = any(roles) order by person, seen_at desc
