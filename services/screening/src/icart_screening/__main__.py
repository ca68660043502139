"""`python -m icart_screening`."""

from icart_screening.app import main

if __name__ == "__main__":
    main()
