"""`python -m icart_gateway`: the process."""

from icart_gateway.app import main

main()
