#!/bin/sh
# Makes the passwords that docker-compose.yml mounts, once; a file that is there is left alone.
# The folder is closed to others. The files are not, because the service inside reads them as another user.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets
for name in postgres icart_gateway icart_intake icart_notifications icart_police_vpa icart_screening icart_timers \
    ops_token; do
    if [ ! -s "secrets/$name" ]; then
        od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "secrets/$name"
        chmod 644 "secrets/$name"
    fi
done
# This one the identity provider makes: write it in when it has. Empty: the gateway shows it none.
if [ ! -e secrets/oidc_secret ]; then
    : > secrets/oidc_secret
    chmod 644 secrets/oidc_secret
fi
echo "deploy/secrets is ready"
