import { formatCount, MAX_LISTED } from '../core/format.ts'
import { asObject, asText } from '../core/json.ts'
import { type ApiObject, metadataOf, uidOf } from '../kubernetes/object.ts'
import { hostOf, matchesImage, repositoryOf } from '../registry/reference.ts'
import { printable } from '../runner/log.ts'
import { redact } from '../runner/mask.ts'
import type { Diagnosis, DiagnosisContext, Severity } from './diagnosis.ts'
import { latestOf, occurrenceOf, parseTimestamp } from './events.ts'
import type { ContainerStatus } from './pod-status.ts'
import { classifyPullFailure, type PullFailure } from './pull-failure.ts'

/**
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go and
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/cri-api/pkg/errors/errors.go
 */
const PULL_REASONS = new Set([
  ...['ErrImagePull', 'ImagePullBackOff', 'ImageInspectError', 'RegistryUnavailable', 'SignatureValidationFailed'],
])

const MAX_MESSAGE_LENGTH = 600

/** Timestamps of Kubernetes are whole seconds, and a response is later than the change that it confirms. */
const CLOCK_TOLERANCE_MS = 3000

/** Whether the kubelet failed to pull the image of a container. The events of its Pod say more. */
export function isPulling({ reason }: ContainerStatus): boolean {
  return PULL_REASONS.has(reason)
}

/** Why the image of a container is not pulled. */
export function diagnosePull(container: ContainerStatus, pod: ApiObject, context: DiagnosisContext): Diagnosis {
  const { name, image, reason } = container
  const failures = pullFailures(container, context.events)
  const latest = latestOf(failures)
  const isPullingAgain = isPulledAfter(latest, container, context.events)
  const message = shorten(
    asText(latest?.message)?.slice(failedToPull(image).length) ?? lastPullError(container, pod, context.pullErrors),
  )
  const failure = classifyPullFailure(message.replaceAll(image, ''))
  const { code, meaning, hint } = (failure.dependsOnSecret && secretProblem({ image, pod, latest }, context)) || failure
  const values: Readonly<Record<string, string>> = { host: hostOf(image), repository: repositoryOf(image), image }
  const explanation = meaning.replace(/\{(\w+)\}/g, (whole, key: string) =>
    Object.hasOwn(values, key) ? (values[key] ?? '') : whole,
  )
  return {
    code,
    subject: `${name} pull`,
    image,
    reason: printable(`container ${name}: ${explanation}: ${message}`),
    hint,
    severity: severityOf({ container, failure, pod, failures, isPullingAgain }, context),
    // A back-off is only the pause after the same error.
    serverCode: reason === 'ImagePullBackOff' ? 'ErrImagePull' : reason,
  }
}

/** https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/image_manager.go */
const failedToPull = (image: string) => `Failed to pull image "${image}": `

/** The events about failed pulls of this container with its present image. */
function pullFailures({ name, image }: ContainerStatus, events: DiagnosisContext['events'] = []): ApiObject[] {
  const failures = events.map((event) => ({ ...event, message: asText(event.message)?.replace(COMBINED, '') }))
  return failures.filter(
    (event: ApiObject) =>
      event.reason === 'Failed' && asText(event.message)?.startsWith(failedToPull(image)) && isAbout(event, name),
  )
}

/** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/client-go/tools/record/events_cache.go */
const COMBINED = /^\(combined from similar events\): /

/** Whether an event is about this container, as in `spec.containers{main}`. */
function isAbout({ involvedObject }: ApiObject, container: string): boolean {
  return asText(asObject(involvedObject).fieldPath)?.endsWith(`{${container}}`) ?? true
}

/** Whether the kubelet has begun to pull again: until that ends, the status of the container shows the last failure. */
function isPulledAfter(
  failure: ApiObject | undefined,
  { name, image }: ContainerStatus,
  events: DiagnosisContext['events'] = [],
): boolean {
  const pulls = events.filter((event) => event.reason === 'Pulling' && isAbout(event, name))
  const latest = latestOf(pulls.filter(({ message }) => message === `Pulling image "${image}"`))
  return failure !== undefined && latest !== undefined && occurrenceOf(latest).lastMs > occurrenceOf(failure).lastMs
}

/** The error in the container's status. A back-off of an older kubelet does not name it: then the one before the back-off. */
function lastPullError(
  { name, image, reason, message }: ContainerStatus,
  pod: ApiObject,
  pullErrors: Map<string, string>,
): string {
  const key = `${uidOf(pod)} ${name}`
  const namesError = message !== '' && message !== `Back-off pulling image "${image}"`
  if (namesError) pullErrors.set(key, message)
  return pullErrors.get(key) ?? ([reason, message].filter(Boolean).join(': ') || reason)
}

/** Without what the calls between kubelet and container runtime add. The end of the message says most. */
function shorten(message: string): string {
  // The rest of a secret that is cut could not be recognized.
  const text = redact(message)
    .replace(/^Failed to inspect image "[^"]*": /, '')
    .replace(/^Back-off pulling image "[^"]*": \w+: /, '')
    .replace(/rpc error: code = \w+ desc = /g, '')
    .replace('unable to pull image or OCI artifact: pull image err: ', '')
    // CRI-O tries the same as an artifact afterwards.
    .split('; artifact err: ', 1)
    .join('')
  return text.length > MAX_MESSAGE_LENGTH ? `…${text.slice(-MAX_MESSAGE_LENGTH)}` : text
}

interface FailedPull {
  readonly container: ContainerStatus
  readonly failure: PullFailure
  readonly pod: ApiObject
  /** The events about it. */
  readonly failures: readonly ApiObject[]
  readonly isPullingAgain: boolean
}

/**
 * A node may see a new secret a moment late, so the first failure is not terminal where a secret can fix it. Failures
 * before this run do not count: the kubelet's next try uses the new secret. While a second pull runs, which can take minutes, it is too early
 * to tell.
 */
function severityOf(
  { container, failure, pod, failures, isPullingAgain }: FailedPull,
  { appliedAtMs, events }: DiagnosisContext,
): Severity {
  if (failure.isDeferred) return 'info'
  if (events === undefined) return 'transient'
  const isNewPod = parseTimestamp(metadataOf(pod).creationTimestamp) >= appliedAtMs - CLOCK_TOLERANCE_MS
  const tried = failures.filter(({ message }) => !classifyPullFailure(asText(message) ?? '').isDeferred)
  const failureCount = tried.map(occurrenceOf).reduce((sum, { firstMs, lastMs, count }) => {
    if (isNewPod || firstMs >= appliedAtMs) return sum + count
    return lastMs >= appliedAtMs ? sum + 1 : sum
  }, 0)
  const isBackingOff = container.reason === 'ImagePullBackOff'
  if (failureCount > 1 || (failureCount === 1 && isBackingOff && !failure.dependsOnSecret)) return 'terminal'
  return !isPullingAgain && (isNewPod || failureCount > 0) ? 'transient' : 'info'
}

/** A tenant can store any number of hosts. */
function namedHosts(hosts: readonly string[]): string {
  const more = hosts.length - MAX_LISTED
  return hosts.slice(0, MAX_LISTED).join(', ') + (more > 0 ? ` and ${formatCount(more, 'other host')}` : '')
}

interface PullAttempt {
  readonly image: string
  readonly pod: ApiObject
  /** The last event about a failed pull. */
  readonly latest: ApiObject | undefined
}

/** The problem of the pull secret that explains why the registry refused the node. */
function secretProblem(
  { image, pod, latest }: PullAttempt,
  { secret, events = [] }: DiagnosisContext,
): Pick<PullFailure, 'code' | 'meaning' | 'hint'> | undefined {
  // https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go
  const missing = events.find(
    (event) =>
      event.reason === 'FailedToRetrieveImagePullSecret' &&
      (latest === undefined || occurrenceOf(event).lastMs >= occurrenceOf(latest).lastMs - CLOCK_TOLERANCE_MS),
  )
  if (missing !== undefined) {
    const [, names = ''] = /image pull secrets \(([^()]*)\)/.exec(asText(missing.message) ?? '') ?? []
    const which = names === '' ? 'a pull secret of the Pod' : `pull secret ${names}`
    return {
      code: 'pull-secret-missing',
      meaning: `${which} does not exist in namespace ${asText(metadataOf(pod).namespace)}`,
      hint: 'Add the namespace to `namespaces`, or remove the missing secret from `imagePullSecrets`.',
    }
  }
  if (secret === undefined || secret.hosts.some((pattern) => matchesImage(pattern, image))) return undefined
  return {
    code: 'pull-secret-host-mismatch',
    meaning: `the image is on {host}, but secret ${secret.name} is for ${namedHosts(secret.hosts)}`,
    hint: 'The registry hosts of the image and of the secret must match exactly, including the port: correct `docker-server` or the image.',
  }
}
