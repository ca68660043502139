"""`python -m icart_intake`: the process."""

from icart_intake.app import main

main()
