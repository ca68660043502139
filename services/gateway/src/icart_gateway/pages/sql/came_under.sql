-- $1: authority, $2: a reference that a referrer holds. A row for each submission, or for each child of it whose worker was told.
select submission.id, submission.agency, submission.received_at, submission.state, submission.missing, submission.tools,
       submission.asked, submission.call_police_now, redirection.id as redirection,
       redirection.person, redirection.given_name, redirection.family_name, redirection.worker, redirection.team
from submission left join redirection on redirection.submission = submission.id and redirection.authority = $1
where submission.authority = $1
  and (submission.reference = $2
       or submission.id in (select submission from joined_notice where authority = $1 and reference = $2))
order by submission.received_at, submission.id, redirection.id
