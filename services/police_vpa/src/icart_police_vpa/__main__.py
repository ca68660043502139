"""`python -m icart_police_vpa`."""

from icart_police_vpa.app import main

if __name__ == "__main__":
    main()
