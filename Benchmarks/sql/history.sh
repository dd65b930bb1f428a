#!/bin/sh
# Usage: history.sh CONNINFO [SUBSCRIPTIONS [TRANSFERS [SLOTS]]]: history.sql in two sessions at once.
set -eu
folder=$(dirname "$0")/history
run() { psql "$conninfo" -qAtX -v ON_ERROR_STOP=1 "$@"; }
conninfo=$1
run -v subscriptions="${2:-10000000}" -v transfers="${3:-15000000}" -v slots="${4:-2000000}" -f "$folder/prepare.sql"
run -f "$folder/ledger.sql" &
ledger=$!
run -f "$folder/holdings.sql" || { kill $ledger; exit 1; }
wait $ledger
run -f "$folder/finish.sql"
