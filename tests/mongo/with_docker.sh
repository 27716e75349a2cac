#!/usr/bin/env bash
# Runs a command against a throwaway MongoDB 7, a replica set of one, started with Docker:
#   with_docker.sh CMD...
set -euo pipefail

if [ "$#" -eq 0 ]; then
  echo "usage: $0 CMD..." >&2
  exit 2
fi

container=$(docker run --detach --rm --publish 127.0.0.1::27017 mongo:7 --replSet rs0)
trap 'docker rm --force --volumes "$container" >/dev/null' EXIT

shell() {
  docker exec "$container" mongosh --quiet --eval "$1"
}

for _ in $(seq 60); do
  shell 'db.adminCommand("ping")' >/dev/null 2>&1 && break
  sleep 1
done
shell 'rs.initiate({_id: "rs0", members: [{_id: 0, host: "127.0.0.1:27017"}]})' >/dev/null
for _ in $(seq 60); do
  [ "$(shell 'db.hello().isWritablePrimary')" = true ] && break
  sleep 1
done

# The member is known to itself by a port that is not the one published: connect to it alone.
address=$(docker port "$container" 27017/tcp | head -n 1)
export SUPPORT_TEST_MONGODB_URI="mongodb://$address/?directConnection=true"
"$@"
