-- The mention that a joined notice is about: where that is put to somebody else, the notice may not stay (IN-17, IN-20).
alter table joined_notice add column mention uuid;
update joined_notice set mention = (told -> 'child_known' ->> 'mention')::uuid;
create index joined_notice_mention on joined_notice (mention) where opened is null;
