-- $1: the offer, $2: the authority. The two as they were last told at the door, as children of a contact.
select offer.*,
       (select arrival.body -> 'child' from arrival where arrival.person = offer.one and arrival.authority = $2
        order by received_at desc limit 1) as one_told,
       (select arrival.body -> 'child' from arrival where arrival.person = offer.other and arrival.authority = $2
        order by received_at desc limit 1) as other_told,
       (select coalesce(jsonb_agg(jsonb_build_object('contact', arrival.contact, 'reference', arrival.reference,
                                                     'person', arrival.person) order by received_at desc), '[]')
        from arrival where arrival.person in (offer.one, offer.other) and arrival.authority = $2) as contacts_of_both
from offer where offer.id = $1 and offer.authority = $2
