#!/bin/sh
# Gives the broker its user from a secret: the image itself knows only variables, which anyone may inspect.
set -eu
umask 077
password=$(cat /run/secrets/broker_password)
cat > /etc/rabbitmq/conf.d/20-user.conf <<CONFIGURATION
default_user = orderflow
default_pass = $password
CONFIGURATION
chown rabbitmq:rabbitmq /etc/rabbitmq/conf.d/20-user.conf
exec docker-entrypoint.sh rabbitmq-server
