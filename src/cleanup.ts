import { reason } from './errors.ts'
import { createSend } from './http.ts'
import { loadCleanupInputs } from './inputs.ts'
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
  if (mint.kept) return log.info('The minted token is in use, or revoked already: nothing to clean up.')
  try {
    await revoke(mint)
  } catch (error) {
    const what =
      mint.tokenId === undefined ? `A token described "${mint.description}" may be` : `The token ${mint.tokenId} is`
    log.warning(`${what} alive although nothing holds it, and could not be revoked: ${reason(error)}`)
  }
}

async function revoke({ tokenId, description, organizationGuid }: MintState): Promise<void> {
  const { credential, certificates } = loadCleanupInputs()
  const send = createSend(createDispatcher(certificates), AbortSignal.timeout(TIME))
  const session = await openDedicated(send, { ...credential, organization: { guid: organizationGuid } })
  const issuer = session.issuer(send)
  const ids = tokenId === undefined ? await issuer.find(description) : [tokenId]
  for (const id of ids) {
    await issuer.revoke(id)
    log.info(`The token ${id} was written nowhere: it is revoked.`)
  }
  if (ids.length === 0) log.info(`No token is described "${description}": nothing to clean up.`)
}
