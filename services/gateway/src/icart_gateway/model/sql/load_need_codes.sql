-- $1: contacts. The need that was last submitted for each; what was said in this batch is in the log already.
select distinct on (contact) contact, body ->> 'need_code' as need_code
from told where contact = any($1::uuid[]) and type = 'icart.screening.submitted.v1'
order by contact, at desc, id desc
