#!/bin/bash
# Ready, or not: asks for PATH on PORT of this container, with nothing but the shell. Starting Node for
# it every few seconds would cost more than some services do.
port=${1:-9464} path=${2:-/readyz}
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$path" >&3
IFS= read -r status <&3
[[ $status == 'HTTP/1.'?' 200 '* ]]
