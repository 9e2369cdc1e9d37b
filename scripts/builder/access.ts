// The smallest permissions in the cluster, as manifests.
import { MANAGER_NAME } from '../../src/core/constants.ts'
import { parseDuration } from '../../src/inputs/duration.ts'
import { INPUTS } from '../../src/inputs/table.ts'
import {
  type Permission,
  permissionsToObserve,
  rulesOf,
  secretPermissions,
  verbsToApply,
} from '../../src/permissions/permission.ts'
import { API_GROUP, nameFor, subjectOf } from '../../src/permissions/role.ts'
import type { Choices } from './choices.ts'
import type { BuilderData, KubernetesManifest } from './data.ts'
import { stepInputs } from './step-inputs.ts'
import { namespacesOf } from './targets.ts'
import { yamlOf } from './yaml.ts'

/** The manifests that an administrator applies, in one file. */
export function accessManifest(data: BuilderData, choices: Choices): string {
  return `${accessObjects(data, choices)
    .map((object) => yamlOf(object, 0, 3))
    .join('\n---\n')}\n`
}

/** The namespace of the ServiceAccount that the kubeconfig is for. */
export function accountNamespace(choices: Choices): string {
  const { isClusterWide, names } = namespacesOf(choices)
  return isClusterWide ? MANAGER_NAME : (names[0] ?? 'default')
}

function accessObjects(data: BuilderData, choices: Choices): KubernetesManifest[] {
  const namespace = accountNamespace(choices)
  const { isClusterWide } = namespacesOf(choices)
  const isAccount = choices.access === 'kubeconfig'
  const account = isAccount ? accountObjects(data, namespace, isClusterWide) : []
  const user = isAccount ? `system:serviceaccount:${namespace}:${MANAGER_NAME}` : choices.user.trim()
  const granted = [...permissionsByNamespace(data, choices)].filter(([, permissions]) => permissions.length > 0)
  return [
    ...account,
    ...granted.flatMap(([where, permissions]) => {
      // The name without an ending is that of the ServiceAccount there, which can be another one.
      const isOwn = isAccount && (where === '' || where === namespace)
      return roleObjects({ namespace: where, name: isOwn ? MANAGER_NAME : nameFor(user) }, permissions, subjectOf(user))
    }),
  ]
}

function accountObjects(data: BuilderData, namespace: string, isClusterWide: boolean): KubernetesManifest[] {
  return data.account
    .filter(({ kind }) => kind !== 'Namespace' || isClusterWide)
    .map((object) => (object.kind === 'Namespace' ? object : withNamespace(object, namespace)))
}

function withNamespace(object: KubernetesManifest, namespace: string): KubernetesManifest {
  return { ...object, metadata: { ...object.metadata, namespace } }
}

/** What the user needs in each namespace; the empty name stands for the whole cluster. */
function permissionsByNamespace(data: BuilderData, choices: Choices): Map<string, Permission[]> {
  const { isClusterWide, names, isSelected, isCreated } = namespacesOf(choices)
  const needed = targetPermissions(data, choices)
  const places = isClusterWide ? [''] : names
  const permissions = new Map(places.map((place) => [place, [...needed]]))
  const namespaces = { group: '', resource: 'namespaces' }
  const verbs = [...(isSelected ? ['list'] : []), ...(isCreated ? ['get', 'create'] : [])]
  permissions.get('')?.push(...verbs.map((verb) => ({ verb, ...namespaces })))
  if (isClusterWide && choices.mayListSecrets)
    permissions.get('')?.push({ verb: 'list', group: '', resource: 'secrets' })
  const [source, secret] = textOf(data, choices, 'docker-config-secret')?.split('/') ?? []
  if (source !== undefined && secret !== undefined) {
    const read: Permission = { verb: 'get', group: '', resource: 'secrets', name: secret }
    permissions.set(source, [...(permissions.get(source) ?? []), read])
  }
  return permissions
}

/** What a target needs: for the secret, its service accounts, and what is deployed. */
function targetPermissions(data: BuilderData, choices: Choices): Permission[] {
  const name = textOf(data, choices, 'secret-name')
  const serviceAccounts = textOf(data, choices, 'service-accounts')?.trim().split('\n') ?? []
  return [
    ...(name === undefined ? [] : secretPermissions({ name, serviceAccounts }, false)),
    ...deployPermissions(data, choices),
  ]
}

function deployPermissions(data: BuilderData, choices: Choices): Permission[] {
  const { deployment } = choices
  if (deployment === 'nothing') return []
  const chosen = deployment === 'image' ? ['Pod'] : choices.kinds
  const timeout = textOf(data, choices, 'wait-timeout') ?? INPUTS['wait-timeout'].default
  const recreated: Readonly<Record<string, string>> = { Pod: 'recreate-pods', Job: 'recreate-jobs' }
  const pod = deployment === 'image' ? textOf(data, choices, 'pod-name') : undefined
  return data.kinds
    .filter(({ kind }) => chosen.includes(kind))
    .flatMap(({ kind, group, plural, isFollowed }) => {
      const isRecreated = textOf(data, choices, recreated[kind] ?? '') === 'true'
      const isAwaited = isFollowed && parseDuration(timeout) !== 0
      const verbs = verbsToApply({ isFollowed: isAwaited, isRecreated })
      const applied = { group, resource: plural }
      return [
        ...verbs.map((verb): Permission => ({ verb, ...applied, ...(pod !== undefined && { name: pod }) })),
        ...(isAwaited ? permissionsToObserve({ kind, ...applied }) : []),
      ]
    })
}

function textOf(data: BuilderData, choices: Choices, name: string): string | undefined {
  const input = stepInputs(data, choices).find((one) => one.name === name)
  if (input === undefined || input.kind === 'reference') return undefined
  return input.kind === 'text' ? input.text : String(input.isSet)
}

function roleObjects(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  permissions: readonly Permission[],
  subject: object,
): KubernetesManifest[] {
  const kind = namespace === '' ? 'ClusterRole' : 'Role'
  const apiVersion = `${API_GROUP}/v1`
  const metadata = { name, ...(namespace !== '' && { namespace }) }
  const roleRef = { apiGroup: API_GROUP, kind, name }
  return [
    { apiVersion, kind, metadata, rules: rulesOf(permissions) },
    { apiVersion, kind: `${kind}Binding`, metadata, subjects: [subject], roleRef },
  ]
}
