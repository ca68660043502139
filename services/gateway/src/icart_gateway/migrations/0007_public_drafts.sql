create table public_draft (
    id          bytea primary key,       -- a digest of the code: whoever reads this table cannot open what is in it
    authority   text not null,
    sealed      text not null,           -- JWE, under another digest of the code
    saved_at    timestamptz not null,
    expires_at  timestamptz not null
);
create index public_draft_expires on public_draft (expires_at);
