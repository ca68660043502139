-- Under row-level security an index is asked alone by operators that give nothing away: `lower`, `replace` and the operators of
-- arrays are none of those, so what they made is kept in columns, and what an array held in a table.
drop index arrival_name;
drop index arrival_postcode;
alter table arrival
    add column family_key   text collate "C" generated always as (lower(family_name)) stored,
    add column given_key    text collate "C" generated always as (coalesce(lower(given_name), '')) stored,
    add column postcode_key text collate "C" generated always as (replace(postcode, ' ', '')) stored;
create index arrival_name on arrival (authority, family_key, given_key);
create index arrival_born on arrival (authority, born, family_key);
create index arrival_postcode on arrival (authority, postcode_key);

create index contact_of_origin on contact (origin);
create index contact_reference on contact (authority, reference);

-- The desktops ask for the next clock of everything that is open in one authority.
drop index clock_next;
create index clock_next on clock (authority, subject, due_at) where state in ('running', 'paused');

-- From events.intake: the contacts that an offer is about, one row each.
create table offer_contact (
    offer      uuid not null,
    contact    uuid not null,
    authority  text not null,
    primary key (offer, contact)
);
create index offer_contact_contact on offer_contact (contact);
insert into offer_contact (offer, contact, authority) select id, unnest(contacts), authority from offer on conflict do nothing;
drop index offer_of_contact;

-- Nobody reads it: where an undertaking stands is folded from what was said of it.
drop table undertaking;
