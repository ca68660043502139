"""What people do with a contact or an undertaking: each command described once as a form, and the way it goes (decision 0015)."""
