-- $1: authority, $2: the most.
select id, offered_at, score, cardinality(words) as terms,
       (select jsonb_agg(jsonb_build_object('id', arrival.contact, 'person', about.person, 'given_name', arrival.given_name, 'family_name', arrival.family_name,
                                            'reference', arrival.reference))
        from arrival join about using (contact) where arrival.contact = any(offer.contacts)) as about
from offer where authority = $1 and state = 'open' order by offered_at, id limit $2
