-- From events.intake: what was decided of a possible match, and what the one who approved a merge added.
alter table offer add column mention uuid, add column merge uuid;
alter table merge add column note text;
create index merge_decided on merge (authority, at desc, id) where state <> 'proposed';

-- From events.intake: what a contact was opened about, and to whom it is put.
create table mention (
    id          uuid primary key,
    authority   text not null,
    version     int not null,            -- how often it has been put to somebody
    submission  uuid not null,
    person      uuid not null,
    contacts    uuid[] not null,
    moved_from  uuid,
    moved_by    text,
    reason      text,
    at          timestamptz not null
);
create index mention_of_contact on mention using gin (contacts);

-- From events.intake: what was decided on the wrong record, until a merge or a link was undone.
create table meanwhile (
    because     uuid not null,           -- the merge, or the mention
    version     int not null,            -- of it, after that was undone
    kind        text not null,           -- contact, redirection, referral
    id          uuid not null,
    authority   text not null,
    reference   text not null,
    submission  uuid not null,
    at          timestamptz not null,
    person      uuid not null,           -- to whom it belongs now
    look        boolean not null,        -- it fits both nearly alike
    primary key (because, version, kind, id)
);

-- Where a clean document lies in the store.
alter table document add column sha256 text;

-- From events.police-vpa: the police's reports, as far as they are assessed. Whom they are about only the police unit holds: a
-- child is called by the force's own mark.
create table assessment (
    id                uuid primary key,
    authority         text not null,
    agency            text not null,
    pack_version      text not null,
    grade             text not null,
    received_at       timestamptz not null,
    children          text[] not null,
    missing           text[] not null,
    version           int not null,
    state             text not null,     -- recorded, proposed, secondary, closed, referred
    secondary_needed  boolean not null,
    proposed_for      text[] not null,   -- a child, and beside each its route, how it is recorded, and why
    proposed_routes   text[] not null,
    proposed_as       text[] not null,
    because           text[] not null,
    marac             boolean not null,
    assessed_by       text,
    reason            text,
    at                timestamptz not null
);
create index assessment_waiting on assessment (authority, received_at, id) where state in ('recorded', 'proposed', 'secondary');
