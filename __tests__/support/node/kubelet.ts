import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dump } from 'js-yaml'

/** How the kubelet learns of changed secrets: by itself, or by asking whenever a Pod needs one. */
export type SecretDetection = 'Watch' | 'Get'

export interface KubeletOptions {
  readonly port: number
  readonly cgroup: string
  readonly secretDetection?: SecretDetection
}

/** @returns its path */
export async function writeKubeletConfiguration(folder: string, options: KubeletOptions): Promise<string> {
  const { port, cgroup, secretDetection = 'Watch' } = options
  const configuration = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port,
    healthzPort: 0,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    cgroupRoot: `/${cgroup}`,
    // There is no DNS server, but without an address each Pod gets a warning.
    clusterDNS: ['10.96.0.10'],
    configMapAndSecretChangeDetectionStrategy: secretDetection,
    nodeStatusUpdateFrequency: '1s',
    // The machine is ours only as a guest.
    makeIPTablesUtilChains: false,
    failSwapOn: false,
    evictionHard: {},
    imageGCHighThresholdPercent: 100,
    volumePluginDir: join(folder, 'volume-plugins'),
  }
  const path = join(folder, 'kubelet.yml')
  await writeFile(path, dump(configuration))
  return path
}
