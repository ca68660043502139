-- What became of each command. A column `code` that is null says that it was carried out.
create table answer (
    command  uuid not null,              -- the id of the command's message
    family   text not null,              -- the topic that said it
    at       timestamptz not null,
    code     text,
    why      text,
    allowed  text[],
    version  int,                        -- of the record, when the refusal is about a version that moved
    primary key (command, family)
);

-- All that was ever said about undertakings that belong to no contact: meetings, the chain of managers, nights' handovers.
create table told_of_authority (
    id           uuid primary key,       -- the message's own
    undertaking  uuid not null,
    authority    text not null,
    kind         text not null,          -- of the undertaking: daily-meeting
    at           timestamptz not null,
    version      int not null,
    type         text not null,
    body         jsonb not null
);
create index told_of_authority_undertaking on told_of_authority (undertaking, version, id);
create index told_of_authority_kind on told_of_authority (authority, kind, at);
