#!/bin/sh
# Makes the secrets that docker-compose.yml names, once, with passwords of chance.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
for name in database_password broker_password; do
    [ -s "secrets/$name" ] && continue
    # Readable by the containers' users, which are not ours; the folder keeps others out.
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "secrets/$name"
    chmod 644 "secrets/$name"
done
chmod 700 secrets
