-- Only what was typed into the form that sent this message ($4): what somebody began to type since then stays.
delete from typed
where authority = $1 and person = $2 and form = $3
  and exists (
      select 1 from typed as other
      where other.authority = $1 and other.person = $2 and other.form = $3 and other.field = 'message' and other.value = $4
  )
