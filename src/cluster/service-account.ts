import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../errors.ts'
import { HttpError } from '../http-error.ts'
import { asObject, asObjects, asText } from '../json.ts'
import { MANAGER } from '../manager.ts'
import { withProgress } from '../progress.ts'
import type { Outcome } from './fan-out.ts'
import { listAll } from './paging.ts'
import type { Target } from './pull-secret.ts'

/** What became of one service account. */
export interface Attached {
  readonly name: string
  readonly result: 'updated' | 'unchanged' | 'planned' | 'failed'
}

export interface AttachOptions {
  readonly secretName: string
  /** The API servers check everything and store nothing. */
  readonly dryRun: boolean
  readonly signal: AbortSignal
}

/** Somebody else may edit the same list at the same time: so often we look again. */
const TRIES = 10
/** A new namespace gets its `default` account some moments later: milliseconds, and how often we look. */
const PAUSE = 1000
const LOOKS = 10

/**
 * Adds the pull secret to the `imagePullSecrets` of service accounts, in every target that holds it. A target of which
 * an account fails, fails.
 * @param names of the accounts; `*` is all of a namespace
 */
export async function attachAll(
  outcomes: readonly Outcome[],
  names: readonly string[],
  options: AttachOptions,
): Promise<Outcome[]> {
  const attachTo = async (outcome: Outcome): Promise<Outcome> => {
    if (names.length === 0 || 'failure' in outcome) return outcome
    const { attached, failure } = await attachIn(outcome, names, options)
    if (failure === undefined) return { ...outcome, serviceAccounts: attached }
    const { cluster, namespace } = outcome
    return { cluster, namespace, result: 'failed', failure, mayHold: true, serviceAccounts: attached }
  }
  const sentence = (count: string) => `Seen to the service accounts of ${count} namespaces`
  return [...(await withProgress(outcomes, sentence, attachTo)).values()]
}

async function attachIn(
  target: Target,
  names: readonly string[],
  options: AttachOptions,
): Promise<{ readonly attached: readonly Attached[]; readonly failure: unknown }> {
  const attached: Attached[] = []
  let failure: unknown
  try {
    const accounts = names.includes('*') ? await listNames(target) : names
    for (const name of accounts) {
      try {
        attached.push({ name, result: await attach(target, name, options) })
      } catch (error) {
        attached.push({ name, result: 'failed' })
        failure ??= error
      }
    }
  } catch (error) {
    failure = error
  }
  return { attached, failure }
}

async function listNames({ cluster, namespace }: Target): Promise<string[]> {
  const accounts = listAll(cluster, {
    doing: `list the service accounts of the namespace ${namespace} in the cluster ${cluster.name}`,
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    cures: { 403: `Grant the verb list on serviceaccounts in the namespace ${namespace}, or give their names.` },
  })
  const names: string[] = []
  for await (const { metadata } of accounts) names.push(asText(asObject(metadata).name) ?? '')
  return names.sort()
}

/** The list is one value to the API server, whoever writes it: it is sent whole, and only if nobody has touched it since. */
async function attach(
  target: Target,
  name: string,
  { secretName, dryRun, signal }: AttachOptions,
): Promise<Attached['result']> {
  const { cluster, namespace } = target
  for (let attempt = 1; ; attempt++) {
    const account = await read(target, name, signal)
    const present = asObjects(account.imagePullSecrets)
    if (present.some((entry) => entry.name === secretName)) return 'unchanged'
    try {
      await cluster.request({
        doing: `add the secret ${secretName} to the service account ${namespace}/${name} in the cluster ${cluster.name}`,
        method: 'PATCH',
        path: pathOf(target, name),
        query: { fieldManager: MANAGER, ...(dryRun && { dryRun: 'All' }) },
        contentType: 'application/merge-patch+json',
        body: {
          metadata: { resourceVersion: asText(asObject(account.metadata).resourceVersion) },
          imagePullSecrets: [...present, { name: secretName }],
        },
        cures: { 403: `Grant the verbs get and patch on serviceaccounts in the namespace ${namespace}.` },
      })
      return dryRun ? 'planned' : 'updated'
    } catch (error) {
      if (!(error instanceof HttpError && error.status === 409) || attempt === TRIES) throw error
    }
  }
}

async function read(target: Target, name: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
  const { cluster, namespace } = target
  for (let look = 1; look <= LOOKS; look++) {
    const answer = await cluster.request({
      doing: `read the service account ${namespace}/${name} in the cluster ${cluster.name}`,
      path: pathOf(target, name),
      expect: [404],
      cures: { 403: `Grant the verbs get and patch on serviceaccounts in the namespace ${namespace}.` },
    })
    if (answer.status !== 404) return answer.json()
    if (look < LOOKS) await sleep(PAUSE, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
  throw new Failure(`The service account ${namespace}/${name} is not in the cluster ${cluster.name}`, {
    cure: 'Check `service-accounts`, or create the account first.',
  })
}

function pathOf({ namespace }: Target, name: string): string {
  return `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`
}
