#!/bin/bash
# Runs once, on an empty volume: a database and a role for each service, each with its own password. A role
# can reach its own database and no other (docs/decisions/0003).
set -eu
for service in gateway intake notifications police_vpa screening timers; do
    psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set role="icart_$service" --set password="$(cat "/run/secrets/icart_$service")" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE CONNECT, TEMPORARY ON DATABASE :"role" FROM PUBLIC;
SQL
done

# What the gateway's pages read as: it owns nothing, and sees the rows of one authority alone (row-level security).
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE icart_pages NOLOGIN;
GRANT icart_pages TO icart_gateway;
SQL
