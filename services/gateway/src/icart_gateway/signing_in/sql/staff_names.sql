select person, name from staff where authority = $1
