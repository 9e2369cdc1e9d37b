// What containerd has to know, and what it needs: the image of the container that holds a Pod's namespaces.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireBinary } from '../binaries.ts'
import type { ImageContent } from '../registry/image.ts'
import { writeImageArchive } from './image-archive.ts'

export interface ContainerdFiles {
  readonly configuration: string
  /** To be imported before the first Pod. */
  readonly imageArchive: string
}

const SANDBOX_IMAGE = 'node.test/sandbox:1'

export async function writeContainerdFiles(folder: string, content: ImageContent): Promise<ContainerdFiles> {
  const network = { cniVersion: '0.4.0', name: 'none', plugins: [{ type: 'loopback' }] }
  await writeFile(join(folder, 'none.conflist'), JSON.stringify(network))
  const configuration = join(folder, 'containerd.toml')
  await writeFile(
    configuration,
    `
version = 2
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${SANDBOX_IMAGE}"
# Not everybody who is root may prefer a process to others.
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${fileURLToPath(new URL('cni', import.meta.url))}"
conf_dir = "${folder}"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "${requireBinary('runc')}"
`,
  )
  return { configuration, imageArchive: await writeImageArchive(folder, SANDBOX_IMAGE, content) }
}
