-- Referrals that are being typed (IN-22), those that were abandoned among them. `state` is the whole of it.
create table draft (
    id uuid primary key,
    authority text not null,
    agency text not null,
    owner text not null,
    version integer not null,
    saved_at timestamptz not null,
    submission uuid,
    state jsonb not null
);
create index draft_open on draft (authority, saved_at, id) where submission is null;
