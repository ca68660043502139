-- Between the first click and the identity provider's answer. Taken once, and only by the browser that holds the cookie.
create table sign_in_attempt (
    token_hash  bytea primary key,       -- SHA-256 of what the cookie holds
    state       text not null,
    nonce       text not null,
    verifier    text not null,           -- of PKCE
    back_to     text not null,
    began_at    timestamptz not null
);
create index sign_in_attempt_began on sign_in_attempt (began_at);

-- `authority/role`, each one. Whoever is signed in now signs in once more.
delete from session;
alter table session drop column roles, add column posts text[] not null;
create index session_of_person on session (person);
create index session_began on session (began_at);
