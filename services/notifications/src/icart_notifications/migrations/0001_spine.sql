-- Everything that leaves, with its rendering, its state and its attempts (ST-12).
create table delivery (
    id uuid primary key,
    authority text not null,
    pack_version text not null,
    template text not null,
    view jsonb not null,
    subject text not null,
    body text not null,
    channel text not null check (channel in ('topic', 'smtp')),
    recipient text not null,
    address text check ((channel = 'smtp') = (address is not null)),
    about uuid not null,
    reference text not null,
    in_reply_to uuid,
    meets uuid[] not null,
    correlation uuid not null,
    created_at timestamptz not null,
    state text not null check (state in ('waiting', 'made', 'failed')),
    attempts integer not null,
    sendings integer not null,
    ended_at timestamptz,
    reason text,
    -- The mail sender's own. Time here is the database's, not the story's: a mail server is no part of a story.
    tries integer not null default 0,
    next_try_at timestamptz not null default '-infinity',
    claim uuid
);
create index delivery_due on delivery (next_try_at, id) where state = 'waiting';
create index delivery_failed on delivery (id) where state = 'failed';
create index delivery_about on delivery (about);

-- What became of e-mails, as the receipts on our own topic say: they are heard before anything is sent, so that reading the
-- topics again sends no e-mail twice.
create table receipt (
    delivery uuid not null,
    sendings integer not null,
    attempts integer not null,
    state text not null check (state in ('made', 'failed')),
    reason text,
    ended_at timestamptz not null,
    primary key (delivery, sendings)
);

-- Statutory notices, whole, with what is looked up beside.
create table notice (
    id uuid primary key,
    authority text not null,
    state text not null check (state in ('recorded', 'checked', 'answered')),
    version integer not null,
    whole jsonb not null
);
create index notice_open on notice (authority, id) where state <> 'answered';
