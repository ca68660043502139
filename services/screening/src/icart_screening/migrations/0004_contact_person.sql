-- All contacts of a child: what was shared about them is asked for by the child, not by the contact (CO-8).
create index contact_person on contact (authority, ((state #>> '{arrival,child,person}')::uuid));
