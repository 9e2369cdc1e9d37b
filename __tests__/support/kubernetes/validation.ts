// Validation of what is to be stored.
import { isDeepStrictEqual } from 'node:util'
import { validatePod, validatePodUpdate } from './pod.ts'
import type { KubernetesObject, Resource } from './resources.ts'
import { validateSecret, validateSecretUpdate } from './secret.ts'
import { type Cause, invalid, invalidValue, required } from './status.ts'

const subdomain = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  length: 253,
  rule: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
}
const label = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  length: 63,
  rule: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
}
const maxAnnotationsBytes = 256 * 1024
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

/** Throws all that is wrong with it at once; `live` is what it replaces. */
export function validate(resource: Resource, object: KubernetesObject, live?: KubernetesObject): void {
  const causes = [...validateMetadata(resource, object.metadata), ...validateKind(resource, object, live)]
  if (causes.length > 0) throw invalid(resource, object.metadata.name ?? '', causes)
}

function validateKind({ kind }: Resource, object: KubernetesObject, live: KubernetesObject | undefined): Cause[] {
  if (kind === 'Secret') return [...validateSecretUpdate(object, live), ...validateSecret(object)]
  if (kind === 'Pod') return live === undefined ? validatePod(object) : validatePodUpdate(object, live)
  return kind === 'Job' && live !== undefined ? validateJobUpdate(object, live) : []
}

/** The API server quotes the whole template before it says what is wrong with it. */
function validateJobUpdate({ spec }: KubernetesObject, live: KubernetesObject): Cause[] {
  if (isDeepStrictEqual(spec.template, live.spec.template)) return []
  const message = `Invalid value: ${JSON.stringify(spec.template)}: field is immutable`
  return [{ reason: 'FieldValueInvalid', field: 'spec.template', message }]
}

function validateMetadata(
  { kind, group }: Resource,
  { name, labels = {}, annotations = {} }: KubernetesObject,
): Cause[] {
  const values = Object.values<string>(labels).filter((value) => value.length > 63 || !labelValue.test(value))
  const size = Object.entries<string>(annotations).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0)
  const tooLong = { reason: 'FieldValueTooLong', message: `Too long: must have at most ${maxAnnotationsBytes} bytes` }
  const wrong = [
    ...values.map((value) => invalidValue('metadata.labels', value, labelValueRule)),
    ...(size > maxAnnotationsBytes ? [{ field: 'metadata.annotations', ...tooLong }] : []),
  ]
  if (name === undefined) return [required('metadata.name', 'name or generateName is required'), ...wrong]
  if (group === 'rbac.authorization.k8s.io') return wrong
  const { pattern, length, rule } = kind === 'Namespace' ? label : subdomain
  return pattern.test(name) && name.length <= length ? wrong : [invalidValue('metadata.name', name, rule), ...wrong]
}

const labelValueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
