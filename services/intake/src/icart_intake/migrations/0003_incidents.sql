-- The event that a contact's notices tell of, and what of its first notice says whether another one tells of it (IN-20).
alter table contact add column incident uuid;
update contact set incident = id;
alter table contact alter column incident set not null;
alter table contact add column sender uuid;         -- a digest; never a name
alter table contact add column happened timestamptz;
alter table contact add column concerns text[] not null default '{}';
alter table contact add column told jsonb;          -- what was said of it, while a sibling may still get a contact from it (IN-19)

-- Notices that are worked in the contact of another sender. What `told` says is opened when one is taken out again.
create table joined_notice (
    id uuid primary key,        -- of the contact that would have been opened for it
    contact uuid not null,
    person uuid not null,
    submission uuid not null,
    authority text not null,
    received_at timestamptz not null,
    sender uuid not null,
    happened timestamptz,
    concerns text[] not null,
    because text[] not null,
    told jsonb not null,
    opened text                 -- why it has a contact of its own after all; null while it is joined
);
create index joined_notice_contact on joined_notice (contact) where opened is null;

-- How contacts ended, as screening says. By itself, so that it does not matter which of two topics is read first.
create table ending (
    contact uuid primary key,
    at timestamptz not null,
    outcome text not null,
    level integer not null,
    referral uuid,
    successor uuid
);

-- Whoever decides whether a notice joins a child's contact takes the child's turn: two instances do not decide at once.
create table turn (person uuid primary key);
