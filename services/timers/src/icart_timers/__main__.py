"""`python -m icart_timers`: the process."""

from icart_timers.app import main

main()
