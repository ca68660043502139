-- What the case system has said of these people, with the person as we know them.
select h.authority, h.number, h.as_of, h.listed_as_of, h.gone_as_of, h.base, h.remarks,
       coalesce((
           select jsonb_object_agg(e.episode, jsonb_build_array(e.as_of, e.said)) from held_episode e
           where (e.authority, e.number) = (h.authority, h.number)
       ), '{}') as episodes,
       p.id, p.facts, p.standing
from held_person h
join unnest($1::text[], $2::text[]) as t (authority, number) using (authority, number)
left join person p on p.id = h.person
