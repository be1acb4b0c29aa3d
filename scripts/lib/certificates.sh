# A CA of the instance's own and one server certificate for localhost, used by both servers. Sourced by scripts/services.

make_certificates() {
    make_dir "$tls_dir"
    if openssl x509 -checkend 86400 -noout -in "$tls_dir/server.pem" >/dev/null 2>&1; then return; fi
    local authority=$tls_dir/ca.pem request=$tls_dir/server.csr
    {
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 800 -subj "/CN=orderflow private CA" \
            -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
            -keyout "$tls_dir/ca.key" -out "$authority" &&
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
                -keyout "$tls_dir/server.key" -out "$request" &&
            openssl x509 -req -in "$request" -CA "$authority" -CAkey "$tls_dir/ca.key" -CAcreateserial -days 800 \
                -extfile <(printf '%s\n' "subjectAltName=DNS:localhost,IP:127.0.0.1" "extendedKeyUsage=serverAuth") \
                -out "$tls_dir/server.pem"
    } >"$tls_dir/openssl.log" 2>&1 || fail "could not make certificates: $(tail -n 3 "$tls_dir/openssl.log")"
    rm -f "$request"
    chmod 600 "$tls_dir/ca.key" "$tls_dir/server.key"
    chmod 644 "$authority" "$tls_dir/server.pem"
}

# Each server wants a key that only its own user reads.
copy_server_key() {
    local user=$1 target=$2
    (umask 077 && cp "$tls_dir/server.key" "$target")
    [ "$(id -un)" = "$user" ] || chown "$user" "$target"
}
