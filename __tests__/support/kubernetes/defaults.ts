// An object as the server decodes it: unknown fields and empty values gone, defaults in.
import { defaultPodSpec } from './pod.ts'
import { apiVersion, type KubernetesObject, type Resource } from './resources.ts'
import { mergeStringData } from './secret.ts'

export function complete(resource: Resource, object: KubernetesObject): KubernetesObject {
  const known = ['apiVersion', 'kind', 'metadata', ...resource.fields]
  const fields = Object.entries(object).filter(([field]) => known.includes(field))
  const decoded = dropEmpty({ metadata: {}, ...Object.fromEntries(fields) }) as KubernetesObject
  const typed: KubernetesObject = { ...decoded, apiVersion: apiVersion(resource), kind: resource.kind }
  switch (resource.kind) {
    case 'Secret':
      return mergeStringData(typed)
    case 'Namespace':
      return completeNamespace(typed)
    case 'Pod':
      return {
        ...typed,
        spec: { enableServiceLinks: true, ...defaultPodSpec(typed.spec) },
        status: { phase: 'Pending', qosClass: 'BestEffort', ...typed.status },
      }
    default:
      return resource.fields.includes('status') ? completeWorkload(typed) : typed
  }
}

// Go's `omitempty`: null, empty lists and these empty maps are not there.
const omittedMaps = ['annotations', 'data', 'labels']

function dropEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropEmpty)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([field, child]) => [field, dropEmpty(child)] as const)
      .filter(
        ([field, child]) =>
          child !== null && !(isEmpty(child) && (Array.isArray(child) || omittedMaps.includes(field))),
      ),
  )
}

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

function completeNamespace(namespace: KubernetesObject): KubernetesObject {
  const labels = { ...namespace.metadata.labels, 'kubernetes.io/metadata.name': namespace.metadata.name }
  return {
    ...namespace,
    metadata: { ...namespace.metadata, labels },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active', ...namespace.status },
  }
}

const specDefaults: Readonly<Record<string, object>> = {
  Deployment: { replicas: 1 },
  ReplicaSet: { replicas: 1 },
  StatefulSet: { replicas: 1 },
  Job: { completions: 1, parallelism: 1, backoffLimit: 6 },
}

function completeWorkload(workload: KubernetesObject): KubernetesObject {
  const { kind, spec = {}, status = {} } = workload
  const template = spec.template && { ...spec.template, spec: defaultPodSpec(spec.template.spec) }
  return { ...workload, spec: { ...specDefaults[kind], ...spec, ...(template && { template }) }, status }
}
