#!/usr/bin/env bash
# Puts the servers that the tests run against into a cache folder: etcd, kube-apiserver, kubectl, docker-registry.
# Neither root nor an installation is needed, except for a browser and jq; with a full cache it returns at once.
#
#   scripts/real-servers.sh           on Debian 12 like `debian`, elsewhere like `envtest`
#   scripts/real-servers.sh debian    from Debian's packages alone; builds Kubernetes 1.20, some minutes, once
#   scripts/real-servers.sh node      like `debian`, and a node: kubelet, scheduler, controllers, containerd, runc, busybox;
#                                     as root it also installs Chromium, if there is no browser, and jq
#   scripts/real-servers.sh envtest   from the releases of controller-tools and distribution on GitHub
set -euo pipefail

names=(etcd kube-apiserver kubectl)
node_names=(kubelet kube-scheduler kube-controller-manager containerd containerd-shim-runc-v2 ctr runc busybox)
if [[ $(uname -s) == Linux ]]; then names+=(docker-registry); fi # released for nothing else
folder=${REGISTRY_PULL_SECRET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/registry-pull-secret}/servers
bin=$folder/bin
work=$folder/work

main() {
  local from
  from=$(source_of_servers "$@")
  if [[ ${1-} == node ]]; then
    names+=("${node_names[@]}")
    install_packages
  fi
  mkdir -p "$bin"
  is_complete && return
  # One build at a time. It first deletes what a killed build left.
  exec 9>"$folder/lock"
  if command -v flock >/dev/null; then flock 9; fi
  is_complete && return
  trap 'rm -rf "$work"' EXIT
  rm -rf "$work" && mkdir -p "$work"
  "from_$from"
  say "ready in $bin"
}

# The programs of a browser and of a shell have libraries that must be where the linker finds them, so they are no part of the cache folder.
install_packages() {
  local missing=()
  find_any chromium chromium-browser google-chrome || missing+=(chromium)
  find_any jq || missing+=(jq)
  if [[ ${#missing[@]} == 0 ]]; then return; fi
  if ((EUID != 0)); then
    say "${missing[*]} not found: as root this script installs them"
    return
  fi
  say "installing ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 install --yes --no-install-recommends "${missing[@]}" >/dev/null
}

find_any() {
  local name
  for name in "$@"; do
    if command -v "$name" >/dev/null; then return; fi
  done
  return 1
}

is_complete() {
  local name
  for name in "${names[@]}"; do
    if is_missing "$name"; then return 1; fi
  done
}

is_wanted() { [[ " ${names[*]} " == *" $1 "* ]]; }

is_missing() { is_wanted "$1" && [[ ! -x $bin/$1 ]]; }

source_of_servers() {
  if (($#)); then
    case $1 in
      debian | node) echo debian ;;
      envtest) echo envtest ;;
      *) echo "usage: $0 [debian|node|envtest]" >&2 && return 2 ;;
    esac
  elif grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; then
    echo debian
  else
    echo envtest
  fi
}

say() { printf 'real servers: %s\n' "$*"; }

# A rename within the cache folder: a binary is there whole or not at all.
keep() {
  chmod 755 "$1"
  mv -f "$1" "$bin/$2"
}

# Shows what a command printed only when it fails.
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2 && return 1; }; }

# --- Debian -----------------------------------------------------------------------------------------------------------

from_debian() {
  say 'downloading packages'
  configure_apt
  local packages=(etcd-server docker-registry golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev)
  if is_wanted kubelet; then packages+=(containerd runc busybox-static); fi
  cd "$work"
  quietly apt update
  quietly apt download "${packages[@]}"
  quietly apt source --download-only kubernetes
  local package
  for package in *.deb; do dpkg-deb -x "$package" root; done
  local file
  for file in root/{bin,usr/bin,usr/sbin}/*; do
    if is_missing "${file##*/}"; then keep "$file" "${file##*/}"; fi
  done

  local name programs=()
  for name in kube-apiserver kubectl kubelet kube-scheduler kube-controller-manager; do
    if is_missing "$name"; then programs+=("$name"); fi
  done
  if ((${#programs[@]})); then build_kubernetes "${programs[@]}"; fi
}

# A private apt configuration: the sources of the machine with source packages, its lists and downloads in the work folder.
configure_apt() {
  mkdir -p "$work"/apt/{sources,lists/partial,cache/archives/partial}
  local SOURCE_LIST SOURCE_PARTS file
  eval "$(apt-config shell SOURCE_LIST Dir::Etc::sourcelist/f SOURCE_PARTS Dir::Etc::sourceparts/d)"
  for file in "$SOURCE_PARTS"/*.sources; do
    if [[ -f $file ]]; then sed 's/^Types:.*/Types: deb deb-src/' "$file" >"$work/apt/sources/${file##*/}"; fi
  done
  for file in "$SOURCE_LIST" "$SOURCE_PARTS"/*.list; do
    if [[ -f $file ]]; then sed -n 's/^deb \(.*\)/deb \1\ndeb-src \1/p' "$file" >"$work/apt/sources/${file##*/}"; fi
  done
}

apt() {
  apt-get -q -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/apt/sources" \
    -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" "$@"
}

build_kubernetes() {
  say "building $* from source"
  # GOPATH mode: the vendor folder does not agree with go.mod.
  export GOROOT=$work/root/usr/lib/go-1.19 GOPATH=$work/go GOCACHE=$work/cache
  export GO111MODULE=off GOFLAGS='' GOPROXY=off CGO_ENABLED=0
  local go=$GOROOT/bin/go tree=$GOPATH/src/k8s.io/kubernetes
  mkdir -p "$tree"
  tar -xzf kubernetes_*.orig.tar.gz -C "$tree" --strip-components=1
  cd "$tree"

  # The vendored reflect2 reads a map's memory as Go did before 1.18: the server would die after 45 seconds.
  rm vendor/github.com/modern-go/reflect2/*.{go,s}
  cp "$work"/root/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} vendor/github.com/modern-go/reflect2

  # The source package leaves out what can be generated.
  quietly "$go" build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  local packages
  packages=$(grep -rlE --include='*.go' --exclude-dir=code-generator '^ *// *\+k8s:openapi-gen=' pkg staging/src |
    xargs dirname | sort -u | sed 's#^staging/src#vendor#; s#^#k8s.io/kubernetes/#' | paste -sd, -)
  quietly env PATH="$GOROOT/bin:$PATH" "$work/openapi-gen" --input-dirs "$packages" \
    --output-package k8s.io/kubernetes/pkg/generated/openapi --output-file-base zz_generated.openapi \
    --go-header-file vendor/k8s.io/code-generator/hack/boilerplate.go.txt --report-filename /dev/null

  # Without these /version says v0.0.0.
  local version flags='-s -w'
  for version in component-base/version client-go/pkg/version; do
    version=k8s.io/kubernetes/vendor/k8s.io/$version
    flags+=" -X $version.gitVersion=v1.20.2 -X $version.gitMajor=1 -X $version.gitMinor=20"
  done
  quietly "$go" build -trimpath -ldflags "$flags" -o "$work/" "${@/#/./cmd/}"
  local name
  for name; do keep "$work/$name" "$name"; done
}

# --- GitHub -----------------------------------------------------------------------------------------------------------

from_envtest() {
  local os arch
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  arch=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
  cd "$work"

  local archive=envtest-v1.35.0-$os-$arch.tar.gz
  say "downloading $archive"
  download "https://github.com/kubernetes-sigs/controller-tools/releases/download/envtest-v1.35.0/$archive" sha512
  tar -xzf "$archive"
  local name
  for name in etcd kube-apiserver kubectl; do keep "controller-tools/envtest/$name" "$name"; done

  if [[ $os != linux ]]; then return; fi
  archive=registry_3.0.0_${os}_$arch.tar.gz
  say "downloading $archive"
  download "https://github.com/distribution/distribution/releases/download/v3.0.0/$archive" sha256
  tar -xzf "$archive" registry
  keep registry docker-registry
}

# Checks the pinned checksum; for other systems the published one.
download() {
  local archive=${1##*/} checksum
  curl -fsSLO --retry 3 --connect-timeout 5 "$1"
  case $archive in
    envtest-v1.35.0-linux-amd64.tar.gz)
      checksum=130369c16f076e724d089189afaede960316f5f5dea6cf57be7a4fc6f09c77342893192509790e4056e116e232dff832ed863f5bd55dcb55d38f3ab834828a11
      ;;
    registry_3.0.0_linux_amd64.tar.gz)
      checksum=61c9a2c0d5981a78482025b6b69728521fbc78506d68b223d4a2eb825de5ca3d
      ;;
    *) checksum=$(curl -fsSL --retry 3 --connect-timeout 5 "$1.$2" | cut -d ' ' -f 1) ;;
  esac
  if [[ $(openssl dgst "-$2" -r "$archive" | cut -d ' ' -f 1) != "$checksum" ]]; then
    echo "$archive: wrong checksum" >&2
    return 1
  fi
}

main "$@"
