"""`python -m icart_common.testing.probe`."""

from icart_common.testing.probe.app import main

if __name__ == "__main__":
    main()
