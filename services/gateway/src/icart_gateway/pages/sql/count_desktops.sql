select desktop, count(*) as contacts from contact where authority = $1 and open group by desktop
