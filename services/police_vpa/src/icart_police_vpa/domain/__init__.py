"""What a police assessment is, what the rules propose for its children, and what people may decide. Pure."""
