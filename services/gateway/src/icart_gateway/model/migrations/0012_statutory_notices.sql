-- From events.notifications: statutory notices, as far as they are checked and answered.
create table statutory_notice (
    id            uuid primary key,
    authority     text not null,
    agency        text not null,
    pack_version  text not null,
    kind          text not null,         -- probation-check
    reference     text not null,         -- the sender's own
    received_at   timestamptz not null,
    about         text,                  -- sentence, release
    on_day        date,                  -- of it
    people        text[] not null,       -- the sender's refs of them, and beside each what tells them from others
    given_names   text[] not null,
    family_names  text[] not null,
    born          date[] not null,
    addresses     text[] not null,
    version       int not null,
    state         text not null,         -- recorded, checked, answered
    refs          text[] not null,       -- of whom an answer is proposed: the services that know them, as words apart, and whom to ask
    services      text[] not null,
    open_cases    boolean[] not null,
    leads         text[] not null,
    answered_by   text,
    answered_at   timestamptz
);
create index statutory_notice_waiting on statutory_notice (authority, received_at, id) where state <> 'answered';
