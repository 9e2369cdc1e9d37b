import { Failure, reason } from '../core/errors.ts'
import { createSend } from '../http/client.ts'
import { createDispatcher } from '../http/dispatcher.ts'
import { loadCleanupInputs, loadInputs } from '../inputs/inputs.ts'
import type { Issuer } from '../issuer/issuer.ts'
import { createProvider } from '../issuer/provider.ts'
import { resolveTargets, survey } from '../pull-secret/targets.ts'
import { leave } from '../runner/exit.ts'
import * as log from '../runner/log.ts'
import { loadState, type State } from '../runner/state.ts'
import { outlastPulls } from './grace-period.ts'

/** Milliseconds; a runner that cancels a job does not wait much longer. */
const TIME = 60_000

/** What the targets of a run that was ended while it wrote hold of its token: `unasked` when it was ended elsewhere. */
type Held = 'unasked' | 'unknown' | 'all' | 'some' | 'none'

/**
 * The post step: ends what the main step could not. It revokes a token that was minted and never written, and replaced
 * ones when every target holds the new one. It never fails a job: what it cannot do is a warning.
 */
export async function run(): Promise<void> {
  await cleanUp(loadState())
  await leave()
}

async function cleanUp(state: State): Promise<void> {
  if (state.phase === 'settled') return log.info('Nothing was left to clean up.')
  let held: Held = state.phase === 'writing' ? 'unknown' : 'unasked'
  try {
    const signal = AbortSignal.timeout(TIME)
    if (held === 'unknown') held = await lookAtTargets(state, signal)
    if (held === 'some') return log.info(`Targets hold the token ${state.broughtId}: the next run goes on with it.`)
    const replaced = replacedIn(state, held)
    if (replaced ? replaced.length === 0 : state.description === undefined)
      return log.info('Nothing was left to clean up.')
    const issuer = await login(signal)
    const ids = replaced ?? (await findMinted(state, issuer))
    if (replaced) await outlastPulls(performance.now(), signal)
    for (const id of ids) {
      await issuer.revoke(id)
      log.info(`Revoked the token ${id}: nobody needs it.`)
    }
    if (ids.length === 0) log.info('No token was minted: nothing to clean up.')
  } catch (error) {
    log.warning(warningOf(state, held, error))
  }
}

/** The tokens that nobody needs, since every target holds a newer one; undefined when it is the new one that nobody has. */
function replacedIn({ phase, superseded, mintedId, broughtId }: State, held: Held): string[] | undefined {
  if (held !== 'all') return phase === 'revoking' ? [...superseded] : undefined
  // The run's own mint is one of them when it went on with the token of a faster run.
  return mintedId === undefined || mintedId === broughtId ? [...superseded] : [...superseded, mintedId]
}

/**
 * Which targets hold the token of a run that was ended while it wrote. A run that had more to do than to write is not
 * ended here: `all` is said only when there is nothing to deploy.
 * @throws Failure when a target cannot be asked: it may hold it
 */
async function lookAtTargets({ mintedId, broughtId }: State, signal: AbortSignal): Promise<Held> {
  const { cluster, secret, concurrency, deploy } = await loadInputs()
  if (cluster === undefined || secret === undefined) return 'none'
  const targets = await survey(await resolveTargets(cluster, concurrency, signal), secret.name, secret.adopt)
  const held = targets.map((target) =>
    'stored' in target && target.stored.kind === 'present' ? target.stored.provenance?.tokenId : undefined,
  )
  if (held.every((id) => id === broughtId) && deploy === undefined) return 'all'
  if (held.some((id) => id !== undefined && (id === broughtId || id === mintedId))) return 'some'
  const unknown = targets.find((target) => 'failure' in target)
  if (unknown !== undefined) throw new Failure(reason(unknown.failure), { cause: unknown.failure })
  return 'none'
}

async function login(signal: AbortSignal): Promise<Issuer> {
  const { credential, certificates } = loadCleanupInputs()
  const send = createSend(createDispatcher(certificates), signal)
  const session = await createProvider(credential).open(send)
  return session.issuer(send)
}

async function findMinted({ mintedId, description }: State, issuer: Issuer): Promise<readonly string[]> {
  if (mintedId !== undefined) return [mintedId]
  return (await issuer.list()).filter((one) => one.description === description).map(({ id }) => id)
}

/** What a person can do where this step cannot: a passcode logs in once. A token that may be in use is nobody's to revoke. */
function warningOf(state: State, held: Held, error: unknown): string {
  const { broughtId, mintedId, description } = state
  if (held === 'unknown') {
    return `Whether targets hold the token ${broughtId} cannot be seen, so that nothing was revoked: ${reason(error)}. Run the workflow again: it goes on from what they hold.`
  }
  const replaced = replacedIn(state, held)
  const minted = mintedId === undefined ? `A token described "${description}" may be` : `The token ${mintedId} is`
  const subject = replaced ? `Of the replaced tokens ${replaced.join(', ')} some may be` : minted
  const byHand = createProvider(loadCleanupInputs().credential).revocationByHand((!replaced && mintedId) || '<id>')
  return `${subject} alive although nobody needs it, and not revoked: ${reason(error)}. ${byHand}`
}
