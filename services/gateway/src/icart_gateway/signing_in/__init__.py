"""Who somebody is: the identity provider's word, a session on our side, and a role in which they act."""
