// The resources that the fake serves, and its discovery documents.

// biome-ignore lint/suspicious/noExplicitAny: a manifest of any kind; admission checks what matters
export type KubernetesObject = Record<string, any>

export interface Resource {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  /** The plural of the URL. */
  readonly resource: string
  readonly kind: string
  readonly namespaced: boolean
  /** Top-level fields other than `apiVersion`, `kind` and `metadata`. */
  readonly fields: readonly string[]
}

const workload = ['spec', 'status']

export const resources: readonly Resource[] = [
  define('v1', 'namespaces', 'Namespace', workload, false),
  define('v1', 'secrets', 'Secret', ['data', 'immutable', 'stringData', 'type']),
  define('v1', 'configmaps', 'ConfigMap', ['binaryData', 'data', 'immutable']),
  define('v1', 'serviceaccounts', 'ServiceAccount', ['automountServiceAccountToken', 'imagePullSecrets', 'secrets']),
  define('v1', 'pods', 'Pod', workload),
  define('v1', 'events', 'Event', [
    ...['action', 'count', 'eventTime', 'firstTimestamp', 'involvedObject', 'lastTimestamp', 'message', 'reason'],
    ...['related', 'reportingComponent', 'reportingInstance', 'series', 'source', 'type'],
  ]),
  define('apps/v1', 'deployments', 'Deployment', workload),
  define('apps/v1', 'statefulsets', 'StatefulSet', workload),
  define('apps/v1', 'daemonsets', 'DaemonSet', workload),
  define('apps/v1', 'replicasets', 'ReplicaSet', workload),
  define('batch/v1', 'jobs', 'Job', workload),
  define('batch/v1', 'cronjobs', 'CronJob', workload),
  define('rbac.authorization.k8s.io/v1', 'roles', 'Role', ['rules']),
  define('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding', ['roleRef', 'subjects']),
  define('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', ['aggregationRule', 'rules'], false),
  define('rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding', ['roleRef', 'subjects'], false),
  define('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', workload, false),
  define('authorization.k8s.io/v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', workload, false),
]

function define(
  apiVersion: string,
  resource: string,
  kind: string,
  fields: readonly string[],
  namespaced = true,
): Resource {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  return { group, version, resource, kind, namespaced, fields }
}

export const apiVersion = ({ group, version }: Resource) => (group === '' ? version : `${group}/${version}`)

/** As messages name it: `secrets`, `deployments.apps`. */
export const plural = ({ group, resource }: Resource) => (group === '' ? resource : `${resource}.${group}`)

const version = { major: '1', minor: '36', gitVersion: 'v1.36.0+fake', platform: 'linux/amd64' }

/** The discovery documents; undefined for any other path. */
export function discover(path: string, served: readonly Resource[]): unknown {
  const groups = [...new Set(served.map(({ group }) => group))].filter((group) => group !== '')
  switch (path) {
    case '/version':
      return version
    case '/api':
      return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
    case '/apis':
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(describeGroup) }
  }
  const groupVersion = /^\/(?:api\/(?=v1$)|apis\/)(.+)$/.exec(path)?.[1]
  if (groupVersion === undefined) return undefined
  if (groups.includes(groupVersion)) return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(groupVersion) }
  const found = served.filter((resource) => apiVersion(resource) === groupVersion)
  if (found.length === 0) return undefined
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: found.flatMap(describeResource) }
}

function describeGroup(name: string): object {
  const preferredVersion = { groupVersion: `${name}/v1`, version: 'v1' }
  return { name, versions: [preferredVersion], preferredVersion }
}

function describeResource({ resource: name, kind, namespaced, fields }: Resource): object[] {
  if (name === 'selfsubjectaccessreviews') return [{ name, singularName: '', namespaced, kind, verbs: ['create'] }]
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']
  const itself = { name, singularName: kind.toLowerCase(), namespaced, kind, verbs }
  const status = { ...itself, name: `${name}/status`, singularName: '', verbs: ['get', 'patch', 'update'] }
  return fields.includes('status') ? [itself, status] : [itself]
}
