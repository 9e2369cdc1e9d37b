import { resolveTargets, survey } from './cluster/targets.ts'
import { Failure, reason } from './errors.ts'
import { createSend } from './http.ts'
import { loadCleanupInputs, loadInputs } from './inputs.ts'
import type { Issuer } from './issuer/issuer.ts'
import { createProvider } from './issuer/provider.ts'
import * as log from './log.ts'
import { outlastPulls } from './overlap.ts'
import { loadState, type State } from './state.ts'
import { createDispatcher } from './trust.ts'

/** Milliseconds; a runner that cancels a job does not wait much longer. */
const TIME = 60_000

/**
 * The post step: ends what the main step could not. It revokes a token that was minted and never written, and replaced
 * ones when every target holds the new one. It never fails a job: what it cannot do is a warning.
 */
export async function run(): Promise<void> {
  const state = loadState()
  if (state.phase === 'settled') return log.info('Nothing was left to clean up.')
  try {
    const signal = AbortSignal.timeout(TIME)
    const holders = state.phase === 'writing' ? await lookAtTargets(state, signal) : 'unasked'
    if (holders === 'some') return log.info(`Targets hold the token ${state.broughtId}: the next run goes on with it.`)
    const isReplaced = holders === 'all' || state.phase === 'revoking'
    const replaced = holders === 'all' ? [...state.superseded, ...lostMint(state)] : state.superseded
    if (isReplaced ? replaced.length === 0 : state.description === undefined)
      return log.info('Nothing was left to clean up.')
    const issuer = await login(signal)
    const ids = isReplaced ? replaced : await findMinted(state, issuer)
    if (isReplaced) await outlastPulls(performance.now(), signal)
    for (const id of ids) {
      await issuer.revoke(id)
      log.info(`Revoked the token ${id}: nobody needs it.`)
    }
    if (ids.length === 0) log.info('No token was minted: nothing to clean up.')
  } catch (error) {
    log.warning(`${subject(state)} alive although nobody needs it, and not revoked: ${reason(error)}. ${cure(state)}`)
  }
}

/**
 * Which targets hold the token of a run that was ended while it wrote. A run that had more to do than to write is not
 * ended here: `all` is said only when there is nothing to deploy.
 * @throws Failure when a target cannot be asked: it may hold it
 */
async function lookAtTargets({ mintedId, broughtId }: State, signal: AbortSignal): Promise<'all' | 'some' | 'none'> {
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

/** The run's own mint, when it went on with the token of a faster run. */
function lostMint({ mintedId, broughtId }: State): string[] {
  return mintedId === undefined || mintedId === broughtId ? [] : [mintedId]
}

async function findMinted({ mintedId, description }: State, issuer: Issuer): Promise<readonly string[]> {
  if (mintedId !== undefined) return [mintedId]
  return (await issuer.list()).filter((one) => one.description === description).map(({ id }) => id)
}

function subject({ phase, superseded, mintedId, description }: State): string {
  if (phase === 'revoking') return `Of the replaced tokens ${superseded.join(', ')} some may be`
  return mintedId === undefined ? `A token described "${description}" may be` : `The token ${mintedId} is`
}

/** What a person can do where this step cannot: a passcode logs in once. */
function cure({ phase, mintedId }: State): string {
  const id = phase === 'revoking' ? '<id>' : (mintedId ?? '<id>')
  return createProvider(loadCleanupInputs().credential).revocationByHand(id)
}
