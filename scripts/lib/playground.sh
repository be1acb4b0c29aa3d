# A database and a vhost of one's own on the private servers, empty each time. Sourced by scripts/demo and scripts/bench.

# Points ORDERFLOW_* at them; those of the instance must be exported.
fresh_playground() {
    local name=$1 base=${ORDERFLOW_POSTGRES_URL%/*}
    psql -X -q -v ON_ERROR_STOP=1 "$base/postgres" \
        -c "SET client_min_messages = warning" \
        -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" -c "CREATE DATABASE $name"
    python3 - "$ORDERFLOW_MANAGEMENT_URL" "$name" <<'END'
import base64, json, sys, urllib.error, urllib.parse, urllib.request

url, name = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2]
base = f"{url.scheme}://{url.hostname}:{url.port}/api"
secret = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()


def ask(method, path, body=None):
    request = urllib.request.Request(base + path, method=method, data=body and json.dumps(body).encode())
    request.add_header("Authorization", "Basic " + secret)
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request, timeout=30).close()


try:
    ask("DELETE", f"/vhosts/{name}")
except urllib.error.HTTPError as error:
    if error.code != 404:
        raise
ask("PUT", f"/vhosts/{name}", {})
ask("PUT", f"/permissions/{name}/{url.username}", {"configure": ".*", "write": ".*", "read": ".*"})
END
    export ORDERFLOW_POSTGRES_URL=$base/$name
    export ORDERFLOW_AMQP_URL=${ORDERFLOW_AMQP_URL%/*}/$name
}
