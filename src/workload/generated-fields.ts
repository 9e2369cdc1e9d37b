import { asObject, asObjects, asText, isObject } from '../core/json.ts'
import { type ApiObject, groupKind, type KubernetesObject, labelOf } from '../kubernetes/object.ts'

type Fields = Readonly<Record<string, unknown>>

/** What remains of a field without what a server generated; undefined: nothing, the same value: all of it. */
interface Rule {
  readonly path: readonly string[]
  readonly rest: (value: unknown, object: KubernetesObject) => unknown
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector */
const JOB_LABELS = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name']
const withoutJobLabels = (labels: unknown, object: KubernetesObject) =>
  hasGeneratedSelector(object) ? omit(labels, (name) => JOB_LABELS.includes(name)) : labels

function hasGeneratedSelector({ spec }: KubernetesObject): boolean {
  const { manualSelector, template } = asObject(spec)
  const isGenerated = ['controller-uid', 'batch.kubernetes.io/controller-uid'].some(
    (name) => labelOf(asObject(template), name) !== undefined,
  )
  return isGenerated && manualSelector !== true
}

/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-token-volume */
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
const GENERATED_NAME = /-[a-z0-9]{5}$/

/** The volumes that the API server added to a Pod for the token of its service account. */
function tokenVolumes({ spec }: KubernetesObject): ReadonlySet<unknown> {
  const { containers, initContainers } = asObject(spec)
  const mounts = [containers, initContainers].flatMap(asObjects).flatMap((one) => asObjects(one.volumeMounts))
  const names = mounts.filter(({ mountPath }) => mountPath === TOKEN_PATH).map(({ name }) => asText(name) ?? '')
  return new Set(names.filter((name) => GENERATED_NAME.test(name)))
}

function withoutTokenMounts(containers: unknown, object: KubernetesObject): unknown {
  const volumes = tokenVolumes(object)
  if (!Array.isArray(containers) || volumes.size === 0) return containers
  return containers.map((container) => {
    const { volumeMounts, ...rest } = asObject(container)
    const mounts = asObjects(volumeMounts).filter(({ name }) => !volumes.has(name))
    return mounts.length === 0 ? rest : { ...rest, volumeMounts: mounts }
  })
}

const isIp = (value: unknown) => ![value].flat().some((one) => one === 'None' || one === '')
const unlessIp = (value: unknown) => (isIp(value) ? undefined : value)
const nothing = () => undefined

/** What the API server or a controller chose, by kind. It is wrong for another object of this name. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'v1 Service': [
    { path: ['spec', 'clusterIP'], rest: unlessIp },
    { path: ['spec', 'clusterIPs'], rest: unlessIp },
  ],
  'v1 Pod': [
    { path: ['spec', 'nodeName'], rest: nothing },
    { path: ['spec', 'priority'], rest: nothing },
    {
      path: ['spec', 'volumes'],
      rest: (volumes, object) => {
        const names = tokenVolumes(object)
        return Array.isArray(volumes) ? volumes.filter((volume) => !names.has(asObject(volume).name)) : volumes
      },
    },
    { path: ['spec', 'containers'], rest: withoutTokenMounts },
    { path: ['spec', 'initContainers'], rest: withoutTokenMounts },
  ],
  'batch Job': [
    { path: ['spec', 'selector'], rest: (value, object) => (hasGeneratedSelector(object) ? undefined : value) },
    { path: ['metadata', 'labels'], rest: withoutJobLabels },
    { path: ['spec', 'template', 'metadata', 'labels'], rest: withoutJobLabels },
  ],
  // https://kubernetes.io/docs/reference/labels-annotations-taints/#pv-kubernetes-io-bound-by-controller
  'v1 PersistentVolumeClaim': [
    {
      path: ['spec', 'volumeName'],
      rest: (value, { metadata }) =>
        asObject(metadata.annotations)['pv.kubernetes.io/bound-by-controller'] === undefined ? value : undefined,
    },
  ],
  'v1 PersistentVolume': [
    { path: ['spec', 'claimRef'], rest: (value) => omit(value, (name) => ['uid', 'resourceVersion'].includes(name)) },
  ],
  'v1 ServiceAccount': [
    {
      path: ['secrets'],
      rest: (value, { metadata }) => {
        const isGenerated = (name: unknown) =>
          ['token', 'dockercfg'].some((kind) => String(name).startsWith(`${metadata.name}-${kind}-`))
        const rest = asObjects(value).filter(({ name }) => !isGenerated(name))
        return rest.length === 0 ? undefined : rest
      },
    },
  ],
}

/** Of any kind: the object would be deleted where its owner does not exist. */
const EVERY_KIND: readonly Rule[] = [
  {
    path: ['metadata', 'ownerReferences'],
    rest: (value) => {
      const rest = asObjects(value).filter(({ controller }) => controller !== true)
      return rest.length === 0 ? undefined : rest
    },
  },
]

/** An object that was printed, without what a server generated in it, and the fields that are missing now. */
export function withoutGeneratedFields(object: KubernetesObject): {
  readonly object: KubernetesObject
  readonly dropped: readonly string[]
} {
  const dropped: string[] = []
  let result: Fields = object
  for (const { path, rest } of [...EVERY_KIND, ...(RULES[groupKind(object)] ?? [])]) {
    const value = path.reduce<unknown>((fields, key) => asObject(fields)[key], object)
    if (value === undefined || value === null) continue
    const remaining = rest(value, object)
    if (JSON.stringify(remaining) === JSON.stringify(value)) continue
    dropped.push(path.join('.'))
    result = replaceAt(result, path, remaining)
  }
  return { object: result as KubernetesObject, dropped }
}

/** Fields that cannot be taken from an object any more, and of the maps among them the keys. */
const UNREMOVABLE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'v1 Service': [
    ['spec', 'clusterIP'],
    ['spec', 'clusterIPs'],
  ],
  'v1 PersistentVolumeClaim': [['spec', 'volumeName']],
  'batch Job': [
    ['spec', 'selector'],
    ...JOB_LABELS.flatMap((name) => [
      ['metadata', 'labels', name],
      ['spec', 'template', 'metadata', 'labels', name],
    ]),
  ],
}

/**
 * An object with what the server chose for the one that exists. An earlier apply of a printed manifest owns these fields, and
 * the API server refuses to remove them. Undefined when there is nothing to add.
 */
export function withStoredFields(object: KubernetesObject, stored: ApiObject): KubernetesObject | undefined {
  const valueAt = (fields: unknown, path: readonly string[]) =>
    path.reduce<unknown>((value, key) => asObject(value)[key], fields)
  const missing = (UNREMOVABLE[groupKind(object)] ?? []).filter(
    (path) => valueAt(object, path) === undefined && valueAt(stored, path) !== undefined,
  )
  if (missing.length === 0) return undefined
  return missing.reduce<Fields>(
    (fields, path) => replaceAt(fields, path, valueAt(stored, path)),
    object,
  ) as KubernetesObject
}

function replaceAt(fields: Fields, [key = '', ...path]: readonly string[], value: unknown): Fields {
  const { [key]: present, ...others } = fields
  if (path.length > 0) return { ...fields, [key]: replaceAt(asObject(present), path, value) }
  return value === undefined ? others : { ...fields, [key]: value }
}

function omit(fields: unknown, isOmitted: (name: string) => boolean): unknown {
  return isObject(fields) ? Object.fromEntries(Object.entries(fields).filter(([name]) => !isOmitted(name))) : fields
}
