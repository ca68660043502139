-- $1: the rows as JSON, as they are after the batch. What an offer is about is kept beside it, one row a contact.
with offered as (
    select id, authority, version, state, one, other, score, words, bits, contacts, offered_at, decided_by, reason, mention, merge,
           at
    from jsonb_populate_recordset(null::offer, $1::jsonb)
), saved as (
    insert into offer (id, authority, version, state, one, other, score, words, bits, contacts, offered_at, decided_by, reason, mention,
                merge, at)
    select * from offered
    on conflict (id) do update set
        authority = excluded.authority, version = excluded.version, state = excluded.state, one = excluded.one, other =
        excluded.other, score = excluded.score, words = excluded.words, bits = excluded.bits, contacts =
        excluded.contacts, offered_at = excluded.offered_at, decided_by = excluded.decided_by, reason = excluded.reason,
        mention = excluded.mention, merge = excluded.merge, at = excluded.at
), no_longer as (
    delete from offer_contact using offered
    where offer_contact.offer = offered.id and offer_contact.contact <> all(offered.contacts)
)
insert into offer_contact (offer, contact, authority)
select id, about, authority from offered, unnest(contacts) as about order by id, about
on conflict (offer, contact) do nothing
