// The schema of what manifests of tests contain: the fields of a container, lists with keys, and some types.
import { render } from './field-tree.ts'
import type { KubernetesObject } from './resources.ts'

const CONTAINER_FIELDS = [
  ...['args', 'command', 'env', 'envFrom', 'image', 'imagePullPolicy', 'lifecycle', 'livenessProbe', 'name', 'ports'],
  ...['readinessProbe', 'resizePolicy', 'resources', 'restartPolicy', 'securityContext', 'startupProbe', 'stdin'],
  ...['stdinOnce', 'terminationMessagePath', 'terminationMessagePolicy', 'tty', 'volumeDevices', 'volumeMounts'],
  'workingDir',
]
const POD_LISTS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
}
const CONTAINER_LISTS: Readonly<Record<string, readonly string[]>> = {
  env: ['name'],
  ports: ['containerPort', 'protocol'],
}
const DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' }

type Path = readonly string[]

/** What the API server says about the first field that does not match; undefined when all do. */
export function schemaMistake(object: KubernetesObject): string | undefined {
  const { data, stringData, spec } = object
  for (const [field, values] of Object.entries({ data, stringData })) {
    for (const [key, value] of Object.entries(values ?? {}))
      if (typeof value !== 'string') return `${at(field, key)}: expected string, got ${unstructured(value)}`
  }
  if (spec === undefined) return undefined
  if (spec.replicas !== undefined && typeof spec.replicas !== 'number')
    return `${at('spec', 'replicas')}: expected numeric (int or float), got *value.valueUnstructured`
  const [podSpec, path] = podSpecOf(object)
  return podSpec === undefined ? undefined : podSpecMistake(podSpec, path)
}

function podSpecOf({ kind, spec }: KubernetesObject): readonly [KubernetesObject | undefined, Path] {
  if (kind === 'Pod') return [spec, ['f:spec']]
  if (kind === 'CronJob')
    return [spec.jobTemplate?.spec?.template?.spec, ['f:spec', 'f:jobTemplate', 'f:spec', 'f:template', 'f:spec']]
  return [spec.template?.spec, ['f:spec', 'f:template', 'f:spec']]
}

function podSpecMistake(spec: KubernetesObject, path: Path): string | undefined {
  const containers = ['containers', 'initContainers'].flatMap((list) =>
    ((spec[list] ?? []) as KubernetesObject[]).map((one) => ({
      one,
      own: [...path, `f:${list}`, `k:${JSON.stringify({ name: one.name })}`],
    })),
  )
  for (const { one, own } of containers) {
    const mistake = duplicateIn(one, CONTAINER_LISTS, own) ?? containerMistake(one, own)
    if (mistake !== undefined) return mistake
  }
  return duplicateIn(spec, POD_LISTS, path)
}

function containerMistake(container: KubernetesObject, path: Path): string | undefined {
  const unknown = Object.keys(container).find((field) => !CONTAINER_FIELDS.includes(field))
  if (unknown !== undefined) return `${render([...path, `f:${unknown}`])}: field not declared in schema`
  for (const field of ['stdin', 'tty']) {
    const value = container[field]
    if (value !== undefined && typeof value !== 'boolean')
      return `${render([...path, `f:${field}`])}: expected boolean, got &{${value}}`
  }
  return undefined
}

function duplicateIn(
  object: KubernetesObject,
  lists: Readonly<Record<string, readonly string[]>>,
  path: Path,
): string | undefined {
  for (const [list, keys] of Object.entries(lists)) {
    const seen = new Set<string>()
    for (const item of (object[list] ?? []) as KubernetesObject[]) {
      const key = keys.map((name) => `${name}=${JSON.stringify(item[name] ?? DEFAULTS[name])}`).join(',')
      if (seen.has(key)) return `${render([...path, `f:${list}`])}: duplicate entries for key [${key}]`
      seen.add(key)
    }
  }
  return undefined
}

const at = (...fields: string[]) => render(fields.map((field) => `f:${field}`))
const unstructured = (value: unknown) => `&value.valueUnstructured{Value:${JSON.stringify(value)}}`
