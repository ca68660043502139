"""Police vulnerable person's assessments: proposed by rule, decided by people, routed child by child."""
