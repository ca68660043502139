"""`python -m icart_notifications` runs the service."""

from icart_notifications.app import main

main()
