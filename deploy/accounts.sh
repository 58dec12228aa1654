#!/bin/sh
# Makes one account for each bucket and one for the office, or renews their secrets. What they may is said by
# bucket_policies.py: an account of the role "user" may nothing until a bucket's policy names it.
set -eu

account() {
    versitygw admin create-user --access "$1" --secret "$2" --role user 2>/dev/null ||
        versitygw admin update-user --access "$1" --secret "$2" --role user
}

account "$INBOX_ACCESS_KEY" "$INBOX_SECRET_KEY"
account "$VAULT_ACCESS_KEY" "$VAULT_SECRET_KEY"
account "$PUBLIC_ACCESS_KEY" "$PUBLIC_SECRET_KEY"
account "$OFFICE_ACCESS_KEY" "$OFFICE_SECRET_KEY"
account "$WITHDRAW_ACCESS_KEY" "$WITHDRAW_SECRET_KEY"
