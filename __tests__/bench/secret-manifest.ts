// The secret of this action, as the other contestants write it.
import type { Secret } from './harness.ts'

export interface Manifest {
  readonly apiVersion: 'v1'
  readonly kind: 'Secret'
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly resourceVersion?: string
  }
  readonly type: string
  readonly data: Readonly<Record<string, string>>
}

export const KEY = '.dockerconfigjson'
const KIND = { apiVersion: 'v1', kind: 'Secret' } as const

export function empty(name: string, namespace: string): Manifest {
  const data = { [KEY]: Buffer.from('{"auths":{}}').toString('base64') }
  return { ...KIND, metadata: { name, namespace }, type: 'kubernetes.io/dockerconfigjson', data }
}

/** The bytes that this action sends for a secret of that name, as it stands. */
export function likeOurs(name: string, ours: Secret | undefined, present: Secret | undefined): Manifest {
  if (ours === undefined || present === undefined) throw new Error(`There is no secret ${name} to renew`)
  const { namespace, labels, annotations } = ours.metadata
  const { resourceVersion } = present.metadata
  return {
    ...KIND,
    metadata: { name, namespace, labels, annotations, resourceVersion },
    type: ours.type,
    data: ours.data,
  }
}

/** Files have no resource versions. */
export function versionless({ metadata: { resourceVersion: _, ...metadata }, ...secret }: Manifest): Manifest {
  return { ...secret, metadata }
}

export function passwordIn(secret: Manifest | undefined, registry: string): string {
  return JSON.parse(Buffer.from(secret?.data[KEY] ?? '', 'base64').toString()).auths[registry].password
}
