# shellcheck shell=bash disable=SC2034
# The Debian packages that duilian needs, and how they are installed. Sourced
# by quickstart and test; the only list there is.

# To build.
BUILD_PACKAGES=(
  ca-certificates cmake g++ git libabsl-dev libcli11-dev libgrpc++-dev
  libfaiss-dev libicu-dev liblz4-dev libopencc-dev libprotobuf-dev
  librocksdb-dev libsentencepiece-dev libssl-dev libutf8proc-dev libxxhash-dev
  libzstd-dev ninja-build nlohmann-json3-dev pkg-config protobuf-compiler
  protobuf-compiler-grpc sentencepiece zlib1g-dev
)
# To build the tests, the benchmarks and duilian-train, and to build again.
TEST_PACKAGES=(ccache libbenchmark-dev libeigen3-dev libgmock-dev libgtest-dev)

# install_missing PACKAGE...: installs those that are not there yet, and says
# which. Becomes root with sudo only where it must. Returns 1 with a message
# when it cannot.
install_missing() {
  local missing=() package as_root=()
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "packages: no dpkg-query or apt-get here; Debian 12 is accepted." \
      "Install these by other means and set DUILIAN_SKIP_INSTALL=1: $*" >&2
    return 1
  fi
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == \
      installed ]] || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then
    echo "Debian packages: all $# are installed."
    return 0
  fi
  echo "Debian packages to install: ${missing[*]}"
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "packages: not root, and no sudo here; either is accepted." \
        "Run as root: apt-get install ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  # Some images hold no package lists at all: always fetch them first.
  "${as_root[@]}" apt-get -qq update </dev/null
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "${missing[@]}" </dev/null
}

# install_unless_told_not_to PACKAGE...: the same, minding
# DUILIAN_SKIP_INSTALL=1.
install_unless_told_not_to() {
  if [[ ${DUILIAN_SKIP_INSTALL:-0} == 1 ]]; then
    echo "Debian packages: not looked at, as DUILIAN_SKIP_INSTALL=1 says."
  else
    install_missing "$@"
  fi
}

# ccache keeps its files under HOME, which some CI runners do not set.
give_ccache_a_place() {
  # Two checkouts of one text share what was compiled.
  export CCACHE_BASEDIR="$1" CCACHE_NOHASHDIR=1
  if [[ -z ${HOME:-} && -z ${CCACHE_DIR:-} ]]; then
    export CCACHE_DIR="$1/build/ccache"
  fi
}
