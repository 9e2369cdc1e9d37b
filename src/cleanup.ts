import { resolveTargets, survey } from './cluster/targets.ts'
import { Failure, reason } from './errors.ts'
import { createSend } from './http.ts'
import { loadCleanupInputs, loadInputs } from './inputs.ts'
import { openDedicated } from './issuer/dedicated/session.ts'
import * as log from './log.ts'
import { loadMint, type MintState } from './state.ts'
import { createDispatcher } from './trust.ts'

/** Milliseconds; a runner that cancels a job does not wait much longer. */
const TIME = 60_000

/** The post step: revokes what the main step minted and never wrote. It never fails a job: what it cannot do is a warning. */
export async function run(): Promise<void> {
  const mint = loadMint()
  if (mint === undefined) return log.info('No token was minted: nothing to clean up.')
  if (mint.phase === 'settled') return log.info('The minted token is in use, or revoked: nothing to clean up.')
  const { tokenId, description } = mint
  try {
    const signal = AbortSignal.timeout(TIME)
    if (mint.phase === 'writing' && (await isHeld(mint, signal))) {
      return log.info(`The run ended early, but targets hold the token ${tokenId}: the next run goes on with it.`)
    }
    await revoke(mint, signal)
  } catch (error) {
    const what = tokenId === undefined ? `A token described "${description}" may be` : `The token ${tokenId} is`
    log.warning(`${what} alive although nothing may hold it, and was not revoked: ${reason(error)}. ${cure(mint)}`)
  }
}

/** What a person can do where this step cannot: a passcode logs in once. */
function cure({ tokenId = '<id>', organizationGuid }: MintState): string {
  const tokens = `${loadCleanupInputs().credential.registryEndpoint}/api/v1/tokens`
  return `Revoke it yourself: DELETE ${tokens}/${tokenId} with the headers Authorization (a UAA token) and Organization (${organizationGuid}).`
}

/**
 * Whether a target holds the token of a run that was ended while it wrote.
 * @throws Failure when a target cannot be asked: it may hold it
 */
async function isHeld({ tokenId }: MintState, signal: AbortSignal): Promise<boolean> {
  const { cluster, secret, concurrency } = loadInputs()
  if (cluster === undefined || secret === undefined) return false
  const targets = await survey(resolveTargets(cluster, concurrency, signal), secret.name, secret.adopt)
  const isHolder = targets.some(
    (target) => 'stored' in target && target.stored.kind === 'present' && target.stored.provenance?.tokenId === tokenId,
  )
  const unknown = targets.find((target) => 'failure' in target)
  if (!isHolder && unknown !== undefined) throw new Failure(reason(unknown.failure), { cause: unknown.failure })
  return isHolder
}

async function revoke({ tokenId, description, organizationGuid }: MintState, signal: AbortSignal): Promise<void> {
  const { credential, certificates } = loadCleanupInputs()
  const send = createSend(createDispatcher(certificates), signal)
  const session = await openDedicated(send, { ...credential, organization: { guid: organizationGuid } })
  const issuer = session.issuer(send)
  const found = async () => (await issuer.list()).filter((one) => one.description === description).map(({ id }) => id)
  const ids = tokenId === undefined ? await found() : [tokenId]
  for (const id of ids) {
    await issuer.revoke(id)
    log.info(`The token ${id} was written nowhere: it is revoked.`)
  }
  if (ids.length === 0) log.info(`No token is described "${description}": nothing to clean up.`)
}
