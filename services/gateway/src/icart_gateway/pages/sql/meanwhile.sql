-- $1: the merge or the mention, $2: the authority. What was decided on the wrong record, each time that something was undone.
select kind, id, reference, at, person, look from meanwhile
where because = $1 and authority = $2 order by version desc, at, id
