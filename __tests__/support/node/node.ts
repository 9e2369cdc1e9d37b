// A node with a real kubelet and a real containerd, in its own namespaces: they are deleted at the end. Needs root.
import { randomBytes } from 'node:crypto'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireBinary } from '../binaries.ts'
import { startServerProcess } from '../http/server-process.ts'
import type { KubeApiserver } from '../kubernetes/kube-apiserver.ts'
import { kubeconfig } from '../kubernetes/kubeconfig.ts'
import { busyboxContent } from './busybox.ts'
import { writeContainerdFiles } from './containerd.ts'
import { startControllers } from './controllers.ts'
import { type SecretDetection, writeKubeletConfiguration } from './kubelet.ts'

export interface NodeOptions {
  readonly secretDetection?: SecretDetection
}

const NAME = 'node'

/** One node, with the scheduler and the controllers that give it work. It pulls from registries on 127.0.0.1 by http. */
export async function startNode(kube: KubeApiserver, options: NodeOptions = {}): Promise<AsyncDisposable> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await mkdtempDisposable(join(tmpdir(), 'node-')))
  const write = async (name: string, text: string) => {
    const path = join(folder.path, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  const user = await kube.issueClientCertificate(`system:node:${NAME}`, 'system:nodes')
  const { url: server, certificateAuthority } = kube
  const login = await write('kubelet.kubeconfig', kubeconfig([{ context: NAME, server, certificateAuthority, user }]))
  const { configuration, imageArchive } = await writeContainerdFiles(folder.path, busyboxContent())
  const cgroup = `registry-pull-secret-${randomBytes(4).toString('hex')}`

  resources.use(await startControllers(await write('admin.kubeconfig', kube.kubeconfig())))
  resources.use(
    await startServerProcess({
      command: 'unshare',
      args: async (port) => [
        ...['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
        ...[fileURLToPath(new URL('machine.sh', import.meta.url)), cgroup],
        ...[requireBinary('containerd'), configuration, requireBinary('ctr'), imageArchive],
        requireBinary('kubelet'),
        `--config=${await writeKubeletConfiguration(folder.path, { ...options, port, cgroup })}`,
        `--kubeconfig=${login}`,
        `--hostname-override=${NAME}`,
        `--node-ip=${machineAddress()}`,
        '--container-runtime=remote',
        '--container-runtime-endpoint=unix:///run/containerd/containerd.sock',
      ],
      isReady: () => isNodeReady(kube),
      afterwards: removal(cgroup),
    }),
  )
  return resources.move()
}

/** Their processes may still be ending. */
function removal(cgroup: string): string {
  const remove = `find /sys/fs/cgroup -depth -type d -path '*/${cgroup}*' -exec rmdir {} + 2>/dev/null`
  return `for _ in $(seq 100); do ${remove} && break; sleep 0.1; done`
}

/** A kubelet refuses to be on loopback. Nothing listens at this address. */
function machineAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const address = addresses.find(({ internal, family }) => !internal && family === 'IPv4')
  if (address === undefined) throw new Error('A node needs a network interface beside the loopback')
  return address.address
}

async function isNodeReady(kube: KubeApiserver): Promise<boolean> {
  const { status, body } = await kube.request('GET', `/api/v1/nodes/${NAME}`)
  if (status !== 200) return false
  const isTainted = body.spec.taints?.length > 0
  const conditions: { type: string; status: string }[] = body.status.conditions ?? []
  return !isTainted && conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}
