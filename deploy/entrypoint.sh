#!/bin/sh
# Starts the service of this image, or the command line in the image of the command line. The password comes
# from a file (a mounted secret), so that it stands in no settings, no address and no `docker inspect`.
set -eu
if [ -n "${ICART_DATABASE_PASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$ICART_DATABASE_PASSWORD_FILE")
    export PGPASSWORD
fi
if [ "$ICART_SERVICE" = cli ]; then exec icart "$@"; fi
exec python -m "icart_$ICART_SERVICE" "$@"
