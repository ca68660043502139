-- Each table, or each group of columns, follows from one topic alone: topics read again in another interleaving give the same
-- rows. Names and dates of birth stand in tables of this schema and nowhere else.

-- From events.intake: what came, one row a contact.
create table arrival (
    contact      uuid primary key,
    authority    text not null,
    reference    text not null,
    submission   uuid not null,
    agency       text not null,
    channel      text not null,
    source_code  text not null,
    received_at  timestamptz not null,
    person       uuid not null,          -- our id of the child
    given_name   text,
    family_name  text,
    born         date,
    postcode     text,
    incident     uuid,
    body         jsonb not null          -- the ContactOpened itself
);
create unique index arrival_reference on arrival (authority, reference);
create index arrival_person on arrival (person);
create index arrival_submission on arrival (submission);
create index arrival_received on arrival (authority, received_at);
create index arrival_name on arrival (authority, lower(family_name) text_pattern_ops, born);

-- From events.screening: where each contact stands now.
create table contact (
    id            uuid primary key,
    authority     text not null,
    version       int not null,
    reference     text not null,
    pack_version  text not null,
    origin        uuid not null,         -- the contact that was opened at the door: its own id, unless it follows from a transfer
    received_at   timestamptz not null,
    open          boolean not null,
    desktop       text,
    since         timestamptz not null,  -- on this desktop
    strand        text,
    urgency       text,
    level         int,                   -- proposed, then submitted, then authorised
    worker        text,
    submitted_by  text,
    outcome       text,                  -- submitted, then authorised
    closed_at     timestamptz,
    successor     uuid,
    gaps          int not null default 0,
    re_referral   boolean not null default false
);
create index contact_on_desktop on contact (authority, desktop, received_at, id) where open;
create index contact_of_worker on contact (authority, worker) where open and worker is not null;
create index contact_closed on contact (authority, closed_at) where not open;

-- All that was ever said about a contact, from both topics: the page of a contact is read from this.
create table told (
    id           uuid primary key,       -- the message's own
    contact      uuid not null,
    undertaking  uuid,                   -- when it happened to an undertaking of the contact
    at           timestamptz not null,
    version      int,
    type         text not null,
    body         jsonb not null
);
create index told_of_contact on told (contact, at, id);
create index told_of_undertaking on told (undertaking, at, id) where undertaking is not null;
