"""The partners' API (`/api/v1`) and the referral form (`/refer`)."""
