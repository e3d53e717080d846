#!/bin/sh
# symbols_test.sh PROGRAM: none of our protobuf may be visible to
# libsentencepiece, which carries an older one, and no shared one be loaded.
set -eu
if readelf -d "$1" | grep 'NEEDED.*libprotobuf'; then
  echo "$1 needs the shared protobuf; link the archive before gRPC"
  exit 1
fi
visible=$(nm -DC "$1" | grep ' [TWVuBD] google::protobuf' || true)
if [ -n "$visible" ]; then
  echo "$1 exports protobuf symbols; link it with duilian_grpc:"
  echo "$visible" | head -n 5
  exit 1
fi
