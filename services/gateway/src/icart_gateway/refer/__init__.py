"""The referral form for those without a system and for the public (IN-12, IN-13, IN-16): no sign-in, nothing typed lost."""
