-- The submissions that documents are added to, locked (a repeat stands for the first), with what was named before.
select s.id as asked, f.id, f.agency, f.authority, f.reference, f.pack_version,
       array(select d.attachment from document_of o join document d on d.id = o.document
             where o.submission = f.id and d.reason is distinct from 'too-many' order by d.id) as before,
       array(select d.instead_of from document_of o join document d on d.id = o.document
             where o.submission = f.id and d.instead_of is not null order by d.id) as replaced
from submission s join submission f on f.id = coalesce(s.first, s.id)
where s.id = any($1::uuid[])
order by f.id
for update of f
