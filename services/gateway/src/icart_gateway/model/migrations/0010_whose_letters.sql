-- Null: nobody can tell, or it was told before anybody did.
alter table letter add column authority text;
