#!/bin/sh
# The first process in the namespaces of a node: what it mounts and starts ends with it.
#   machine.sh CGROUP CONTAINERD CONTAINERD-CONFIGURATION CTR IMAGE-ARCHIVE KUBELET [FLAG...]
set -eu
cgroup=$1 containerd=$2 configuration=$3 ctr=$4 archive=$5
shift 5

# containerd, runc and kubelet write below fixed paths.
mount -t tmpfs node /mnt
for directory in run var; do
  mkdir -p "/mnt/$directory/upper" "/mnt/$directory/work"
  mount -t overlay -o "lowerdir=/$directory,upperdir=/mnt/$directory/upper,workdir=/mnt/$directory/work" node "/$directory"
done
# The snapshots are overlays themselves, which do not nest.
mkdir -p /var/lib/containerd
mount -t tmpfs node /var/lib/containerd

# kubelet insists on its own values for these: let them be copies.
for name in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys \
  kernel/keys/root_maxbytes; do
  mkdir -p "/mnt/sysctl/${name%/*}"
  cat "/proc/sys/$name" >"/mnt/sysctl/$name"
  mount --bind "/mnt/sysctl/$name" "/proc/sys/$name"
done

# Version 2 of cgroups has one tree of them, version 1 one for each controller.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  sed 's/[^ ]*/+&/g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
  mkdir "/sys/fs/cgroup/$cgroup"
else
  for controller in /sys/fs/cgroup/*/; do mkdir -p "$controller$cgroup"; done
fi

"$containerd" --config "$configuration" &
until "$ctr" version >/dev/null 2>&1; do sleep 0.1; done
"$ctr" --namespace k8s.io images import "$archive"

"$@" &
wait $!
