#!/bin/sh
# Starts the service of this image, or the command line in the image of the command line. Passwords come
# from files (mounted secrets), so that they stand in no settings, no address and no `docker inspect`.
set -eu
if [ -n "${ICART_DATABASE_PASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$ICART_DATABASE_PASSWORD_FILE")
    export PGPASSWORD
fi
if [ -n "${ICART_OPS_TOKEN_FILE:-}" ]; then
    ICART_OPS_TOKEN=$(cat "$ICART_OPS_TOKEN_FILE")
    export ICART_OPS_TOKEN
fi
if [ -s "${ICART_OIDC_SECRET_FILE:-}" ]; then
    ICART_OIDC_SECRET=$(cat "$ICART_OIDC_SECRET_FILE")
    export ICART_OIDC_SECRET
fi
if [ "$ICART_SERVICE" = cli ]; then exec icart "$@"; fi
exec python -m "icart_$ICART_SERVICE" "$@"
