import { asObject, asObjects, asText } from '../core/json.ts'
import { hostOf, opens, repositoryOf } from '../registry/reference.ts'
import { printable } from '../runner/log.ts'
import { type ApiObject, metadataOf } from './collection.ts'
import { newest, occurrence, time } from './events.ts'
import { classify, type PullFailure } from './pull-failure.ts'
import { condition, words } from './rollout.ts'

/** Why a Pod does not run, and what a person can do. */
export interface Trouble {
  /** The same as long as the trouble is. */
  readonly code: string
  readonly reason: string
  readonly cure: string
  /** `now`: waiting helps nothing. `soon`: when it stays for some seconds. `never`: it may well go by itself. */
  readonly fails: 'now' | 'soon' | 'never'
}

/** What is known beside the Pod itself. */
export interface Circumstances {
  /** The secret of this run, with the registry hosts that it opens. */
  readonly secret: { readonly name: string; readonly hosts: readonly string[] } | undefined
  /** When the workload was applied (milliseconds, by the clock of the server): what was before is an old story. */
  readonly since: number
  /** The events of the Pod; undefined when they may not be read. */
  readonly events: readonly ApiObject[] | undefined
  /** The last that a status said of a failed pull, by Pod and container: that of a back-off says no more why. */
  readonly heard: Map<string, string>
  /** A Job counts the crashes of its Pods itself. */
  readonly isJob: boolean
}

/** Reasons of a waiting container that has an image, or never will. */
const WAITING: Readonly<Record<string, Pick<Trouble, 'fails' | 'cure'>>> = {
  InvalidImageName: {
    fails: 'now',
    cure: 'Mend the image in the manifest: host/repository:tag, the repository in lower case.',
  },
  ErrImageNeverPull: {
    fails: 'now',
    cure: 'Bring the image to the node, or choose another `imagePullPolicy` than Never.',
  },
  CrashLoopBackOff: {
    fails: 'now',
    cure: 'The image was pulled, and its program ends: see `kubectl logs --previous`.',
  },
  CreateContainerConfigError: {
    fails: 'soon',
    cure: 'The image was pulled. Create what the message names in the namespace of the Pod, or mend the Pod.',
  },
  CreateContainerError: { fails: 'soon', cure: 'The image was pulled. Mend the container in the manifest.' },
  RunContainerError: { fails: 'soon', cure: 'The image was pulled. Mend the command of the container.' },
}

const PULLING = new Set(['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable'])

/** Whether a container cannot get its image: then the events of the Pod say more. */
export function isPulling(pod: ApiObject): boolean {
  return waitingIn(pod).some(({ reason }) => PULLING.has(reason))
}

/** What keeps a Pod from running: the worst of its containers', or of the Pod's own. */
export function diagnose(pod: ApiObject, circumstances: Circumstances): Trouble | undefined {
  return worst([
    ...waitingIn(pod).flatMap((container) => troubleOf(container, pod, circumstances) ?? []),
    ...unschedulable(pod),
  ])
}

export function worst(troubles: readonly Trouble[]): Trouble | undefined {
  return (['now', 'soon', 'never'] as const).flatMap((one) => troubles.find(({ fails }) => fails === one) ?? [])[0]
}

interface WaitingContainer {
  readonly name: string
  readonly image: string
  readonly reason: string
  readonly message: string
  readonly lastState: ApiObject
}

function waitingIn({ spec, status }: ApiObject): WaitingContainer[] {
  const { initContainers, containers, ephemeralContainers } = asObject(spec)
  const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = asObject(status)
  const specs = [initContainers, containers, ephemeralContainers].flatMap(asObjects)
  const statuses = [initContainerStatuses, containerStatuses, ephemeralContainerStatuses].flatMap(asObjects)
  return statuses.map(({ name, image, state, lastState }) => {
    const { reason, message } = asObject(asObject(state).waiting)
    const own = specs.find((one) => one.name === name)
    return {
      name: asText(name) ?? '',
      image: asText(own?.image) ?? asText(image) ?? '',
      reason: asText(reason) ?? '',
      message: asText(message) ?? '',
      lastState: asObject(lastState),
    }
  })
}

function troubleOf(container: WaitingContainer, pod: ApiObject, circumstances: Circumstances): Trouble | undefined {
  const { name, reason, message, lastState } = container
  if (PULLING.has(reason)) return pullTrouble(container, pod, circumstances)
  const known = WAITING[reason]
  if (known === undefined) return undefined
  const { exitCode, reason: end, message: last } = asObject(lastState.terminated)
  const ended = typeof exitCode === 'number' ? `it ended with exit code ${exitCode}` : undefined
  const fails = circumstances.isJob && reason === 'CrashLoopBackOff' ? 'never' : known.fails
  const told = words(reason, message, ended, end, last)
  return { code: `${name} ${reason}`, reason: printable(`container ${name}: ${told}`), cure: known.cure, fails }
}

function unschedulable(pod: ApiObject): Trouble[] {
  const scheduled = condition(pod, 'PodScheduled')
  if (scheduled?.status !== 'False') return []
  const cure = 'No node takes the Pod: compare what it asks for with the nodes, in the message.'
  return [{ code: 'unscheduled', reason: words(scheduled.reason, scheduled.message) ?? '', cure, fails: 'never' }]
}

function pullTrouble(container: WaitingContainer, pod: ApiObject, circumstances: Circumstances): Trouble {
  const { name, image } = container
  const { events = [], heard } = circumstances
  const pulls = events.filter(
    ({ reason, message, involvedObject }) =>
      reason === 'Failed' && asText(message)?.startsWith(failed(image)) && isAbout(involvedObject, name),
  )
  const last = newest(pulls)
  const words = asText(last?.message)?.slice(failed(image).length) ?? heardOf(container, pod, heard)
  const told = plain(words)
  const failure = classify(told.replaceAll(image, ''))
  const { says, cure } = secretFault(failure, image, pod, circumstances, last) ?? failure
  const values: Readonly<Record<string, string>> = { host: hostOf(image), repository: repositoryOf(image), image }
  const meaning = says.replace(/\{(\w+)\}/g, (_, value: string) => values[value] ?? '')
  return {
    code: `${name} pull`,
    reason: printable(`container ${name}: ${meaning}: ${told}`),
    cure,
    fails: urgency(container, failure, pod, circumstances, pulls),
  }
}

/** Whether an event is about this container of its Pod. */
function isAbout(involvedObject: unknown, container: string): boolean {
  return asText(asObject(involvedObject).fieldPath)?.endsWith(`{${container}}`) ?? true
}

const failed = (image: string) => `Failed to pull image "${image}": `

/** The words of this back-off, or those that were heard with the failure before it. */
function heardOf(
  { name, image, reason, message }: WaitingContainer,
  pod: ApiObject,
  heard: Map<string, string>,
): string {
  const key = `${metadataOf(pod).uid} ${name}`
  const isBare = message === '' || message === `Back-off pulling image "${image}"`
  if (!isBare) heard.set(key, message)
  return heard.get(key) ?? ([reason, message].filter(Boolean).join(': ') || reason)
}

const LONGEST = 600

/** Without the wrapping of the calls between kubelet and runtime. The end says most. */
function plain(text: string): string {
  const bare = text.replace(/^Back-off pulling image "[^"]*": \w+: /, '').replace(/rpc error: code = \w+ desc = /g, '')
  return bare.length > LONGEST ? `…${bare.slice(-LONGEST)}` : bare
}

/**
 * A first failure is none yet where a secret can mend it: a node may see a new secret a moment late. Failures from
 * before this run do not count, since the Pod gets its next try with the new secret.
 */
function urgency(
  { reason }: WaitingContainer,
  { bySecret }: PullFailure,
  pod: ApiObject,
  { since, events }: Circumstances,
  pulls: readonly ApiObject[],
): Trouble['fails'] {
  if (events === undefined) return 'soon'
  const isNew = time(metadataOf(pod).creationTimestamp) >= since - CLOCK
  const failures = pulls.map(occurrence).reduce((sum, { first, last, count }) => {
    if (isNew || first >= since) return sum + count
    return last >= since ? sum + 1 : sum
  }, 0)
  if (failures > 1 || (failures === 1 && reason === 'ImagePullBackOff' && !bySecret)) return 'now'
  return isNew || failures > 0 ? 'soon' : 'never'
}

/** Milliseconds: times in Kubernetes are whole seconds, and an answer is later than what it answers. */
const CLOCK = 3000

/** Where the secret itself explains why a registry lets nobody in. */
function secretFault(
  { bySecret }: PullFailure,
  image: string,
  pod: ApiObject,
  { secret, events = [] }: Circumstances,
  pull: ApiObject | undefined,
): Pick<PullFailure, 'says' | 'cure'> | undefined {
  if (!bySecret) return undefined
  const missing = events.find(
    (event) =>
      event.reason === 'FailedToRetrieveImagePullSecret' &&
      (pull === undefined || occurrence(event).last >= occurrence(pull).last - CLOCK),
  )
  if (missing !== undefined) {
    const [, names = ''] = /image pull secrets \(([^)]*)\)/.exec(asText(missing.message) ?? '') ?? []
    return {
      says: `the namespace ${asText(metadataOf(pod).namespace)} lacks a pull secret${names && ` (${names})`}`,
      cure: 'Add the namespace to `namespaces`, or take what is not there out of `imagePullSecrets`.',
    }
  }
  if (secret === undefined || secret.hosts.some((pattern) => opens(pattern, image))) return undefined
  return {
    says: `the image is at {host}, and the secret ${secret.name} is for ${secret.hosts.join(', ')}`,
    cure: 'The host in the image and in the secret must be equal to the letter, the port included: mend `docker-server` or the image.',
  }
}
