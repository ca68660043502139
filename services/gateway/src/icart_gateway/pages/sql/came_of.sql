-- $1: the draft, which is the submission's own id too, $2: the authority.
select contact, reference from arrival where submission = $1 and authority = $2 order by received_at, contact
