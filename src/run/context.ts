import { MAX_TIMER_MS } from '../core/abort.ts'
import { once } from '../core/once.ts'
import { createSend, type Send } from '../http/client.ts'
import { createDispatcher } from '../http/dispatcher.ts'
import type { EarlyConnections } from '../http/early-connections.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Issuer, Provider, Session } from '../issuer/issuer.ts'
import { createProvider } from '../issuer/provider.ts'
import type { Cluster } from '../kubernetes/client.ts'
import type { LoginRequest } from '../policy/held.ts'
import { connectClusters } from '../pull-secret/read-targets.ts'
import type { Unverified } from '../registry/verification.ts'
import type { Report } from '../report/report.ts'
import { type Clock, SYSTEM_CLOCK } from './clock.ts'
import { RunJournal } from './journal.ts'
import { OwnershipCheck } from './ownership.ts'
import type { ProvidedCredential } from './provided.ts'

/** An unused token can be revoked for so long, even after the deadline of the run. */
const CLEANUP_TIMEOUT_MS = 30_000

/** A cluster that does not respond leaves the others most of the `timeout`. */
const FIRST_RESPONSE_SHARE = 1 / 4

/** One cluster alone may take all of it. */
function firstResponseLimit({ targets }: Inputs, timeoutMs = Number.POSITIVE_INFINITY): number | undefined {
  const limitMs = Math.ceil(timeoutMs * FIRST_RESPONSE_SHARE)
  return targets !== undefined && targets.contexts.length > 1 && limitMs < MAX_TIMER_MS ? limitMs : undefined
}

/** What every phase of a run needs; created once. */
export interface RunContext {
  readonly inputs: Inputs
  /** Aborts when the run takes longer than its `timeout`, or when the job is cancelled. */
  readonly signal: AbortSignal
  /** To registries and issuers. */
  readonly send: Send
  /** Opens a connection for `send` that has no request yet. */
  readonly openEarly: (url: URL) => void
  /** Those that the contexts of the inputs lead to. */
  readonly clusters: readonly Cluster[]
  readonly provider: Provider
  /** Logs in when it is first called, once. */
  readonly session: () => Promise<Session>
  readonly issuer: () => Promise<Issuer>
  /** An issuer that still works for a short time after the deadline. */
  readonly cleanupIssuer: () => Promise<Issuer>
  readonly ownership: OwnershipCheck
  /** What the workflow provides; undefined: the run mints. `readProvided` sets it. */
  readonly provided: ProvidedCredential | undefined
  /** For which hosts and user the credential is. */
  readonly login: LoginRequest
  /** Why registries refused provided logins, by registry and login: those are not presented again. */
  readonly refusals: Map<string, Unverified>
  readonly journal: RunJournal
  readonly report: Report
  readonly clock: Clock
}

/** What is there before the context. */
export interface OwnContext extends Pick<RunContext, 'signal'> {
  /** The `timeout` of the run; default none. */
  readonly timeoutMs?: number
  /** To the API servers, with TCP alone. */
  readonly early?: EarlyConnections | undefined
  /** What tests replace. */
  readonly clock?: Clock
}

export async function createContext(inputs: Inputs, report: Report, own: OwnContext): Promise<RunContext> {
  const purpose = { description: inputs.description, secretName: inputs.secret?.name }
  const ownership = new OwnershipCheck(async () => await issuer(), purpose)
  const provider = await createProvider(inputs.credential)
  const { clock = SYSTEM_CLOCK, signal, early, timeoutMs } = own
  const firstResponseLimitMs = firstResponseLimit(inputs, timeoutMs)
  const dispatcher = createDispatcher(inputs.certificates, inputs.proxies)
  const { countRequest: onRequest } = report.timeline
  const send = createSend(dispatcher, signal, { onRequest })
  const cleanupSend = () => createSend(dispatcher, AbortSignal.timeout(CLEANUP_TIMEOUT_MS), { onRequest })
  const session = once(() => provider.open(send, signal))
  const issuer = async () => (await session()).issuer(send)
  return {
    inputs,
    signal,
    send,
    openEarly: dispatcher.openEarly,
    clusters:
      inputs.targets === undefined
        ? []
        : connectClusters({ ...inputs.targets, onRequest, early, firstResponseLimitMs }, signal),
    provider,
    session,
    issuer,
    cleanupIssuer: async () => (await session()).issuer(cleanupSend()),
    ownership,
    provided: undefined,
    login: { owner: inputs.owner, username: inputs.registry.username, provided: undefined },
    refusals: new Map(),
    journal: new RunJournal(),
    report,
    clock,
  }
}
