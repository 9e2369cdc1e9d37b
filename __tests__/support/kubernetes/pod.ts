// Rules of Pods.
import { isDeepStrictEqual } from 'node:util'
import { type KubernetesObject, type Resource, resources } from './resources.ts'
import { type Cause, forbidden, notAllowed, required } from './status.ts'
import type { Store } from './store.ts'

export function defaultPodSpec(spec: KubernetesObject = {}): KubernetesObject {
  const containers = (list: KubernetesObject[] | undefined) => list?.map(defaultContainer)
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    ...(spec.containers === undefined ? {} : { containers: containers(spec.containers) }),
    ...(spec.initContainers === undefined ? {} : { initContainers: containers(spec.initContainers) }),
  }
}

function defaultContainer(container: KubernetesObject): KubernetesObject {
  const [, tag = 'latest'] = /:([^/:@]+)(?:@|$)/.exec(container.image ?? '') ?? []
  const isFixed = tag !== 'latest' || container.image?.includes('@')
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isFixed ? 'IfNotPresent' : 'Always',
    ...container,
  }
}

/** With its service account, and the pull secrets of that when it has none of its own. */
export function admitPod(store: Store, resource: Resource, pod: KubernetesObject): KubernetesObject {
  const { namespace, name: podName } = pod.metadata
  const name = pod.spec.serviceAccountName ?? 'default'
  const accounts = resources.find(({ kind }) => kind === 'ServiceAccount') as Resource
  const account = store.get(accounts, namespace, name)
  if (account === undefined) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`
    throw forbidden(resource, podName ?? '', why)
  }
  const inherited = account.imagePullSecrets && { imagePullSecrets: account.imagePullSecrets }
  return { ...pod, spec: { ...inherited, ...pod.spec, serviceAccountName: name, serviceAccount: name } }
}

export function validatePod({ spec }: KubernetesObject): Cause[] {
  const containers: KubernetesObject[] = spec.containers ?? []
  if (containers.length === 0) return [required('spec.containers')]
  return containers.flatMap((container, index) =>
    ['name', 'image']
      .filter((field) => !container[field])
      .map((field) => required(`spec.containers[${index}].${field}`)),
  )
}

export function validatePodUpdate({ spec }: KubernetesObject, live: KubernetesObject): Cause[] {
  if (spec.containers?.length !== live.spec.containers.length) {
    return [notAllowed('spec.containers', 'pod updates may not add or remove containers')]
  }
  const tolerations: unknown[] = spec.tolerations ?? []
  const dropsToleration = (live.spec.tolerations ?? []).some(
    (old: unknown) => !tolerations.some((toleration) => isDeepStrictEqual(toleration, old)),
  )
  const isFixedSpecSame = isDeepStrictEqual(fixed(spec), fixed(live.spec))
  return isFixedSpecSame && !dropsToleration
    ? []
    : [notAllowed('spec', `pod updates may not change fields other than ${changeable}`)]
}

const changeable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** The part of a spec that no update may touch. */
function fixed({
  activeDeadlineSeconds: _deadline,
  tolerations: _tolerations,
  ...spec
}: KubernetesObject): KubernetesObject {
  const withoutImages = (list: KubernetesObject[] = []) => list.map(({ image: _image, ...container }) => container)
  return { ...spec, containers: withoutImages(spec.containers), initContainers: withoutImages(spec.initContainers) }
}
