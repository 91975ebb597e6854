#!/bin/sh
# Installs the production dependencies of the named apps, as the lock file has them, and drops what
# is never run: type declarations, source maps, and modules for bundlers of packages that have others.
set -eu
workspaces=
for name in "$@"; do workspaces="$workspaces --workspace apps/$name"; done
# shellcheck disable=SC2086 # One argument a workspace.
npm ci --cache /var/cache/npm --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error $workspaces
find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete
find node_modules -type d -name dist-types -prune -exec rm -rf {} +
rm -f package-lock.json node_modules/.package-lock.json
