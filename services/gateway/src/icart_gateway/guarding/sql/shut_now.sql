-- $1: authority, $2: contacts that are shut, $3: those of them with which everything of the child is. What is shut with each of
-- them now: what it followed from or became by a transfer, and the child whom it is about today, whoever was merged meanwhile.
select one.id as contact, other.id from contact as one join contact as other on other.origin = one.origin
where one.id = any($2::uuid[]) and one.authority = $1
union
select one.id, about.person from contact as one join about on about.contact = one.origin
where one.id = any($3::uuid[]) and one.authority = $1
