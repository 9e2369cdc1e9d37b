import { randomBytes, randomUUID } from 'node:crypto'
import { ActionError } from '../core/errors.ts'
import { HttpError, isOutcomeUnknown } from '../http/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { MintedCredential } from '../issuer/issuer.ts'
import { mintOnce } from '../issuer/mint-once.ts'
import { type Credential, type Logins, providedTokenId } from '../policy/credential.ts'
import { describeMint } from '../policy/token-description.ts'
import type { Target, TargetState } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import { mask } from '../runner/mask.ts'
import { connectToRegistries } from './connect-early.ts'
import type { RunContext } from './context.ts'
import { beginRotation } from './pending-rotation.ts'
import type { ProvidedCredential } from './provided.ts'

/** A new token, the targets as they are then, and where its rotation is recorded. */
interface MintedToken {
  readonly credential: Credential
  readonly targets: readonly TargetState[]
  readonly pendingKey: string | undefined
}

/**
 * Mints one token. From before the request on, the next run and the post step know how to find it.
 * @param avoided targets that do not record its rotation
 */
export async function mint(
  context: RunContext,
  targets: readonly TargetState[],
  avoided: readonly Target[],
): Promise<MintedToken> {
  const { inputs, journal, report, clock, signal, session, issuer, ownership } = context
  connectToRegistries(context)
  const { organizationGuid } = await report.timeline.phase('Log in', session)
  if (organizationGuid !== undefined) report.organization(organizationGuid)
  const mintedAt = clock.now()
  const unique = randomBytes(4).toString('hex')
  const purpose = {
    description: inputs.description,
    secretName: inputs.secret?.name,
    hosts: inputs.registry.servers,
    targets,
  }
  const description = describeMint(purpose, { run: inputs.run.id, mintedAt, unique })
  const begun = await beginRotation(context, targets, { key: unique, description, avoided })
  journal.mintStarts(description)
  const mintNow = async () => await mintOnce(await issuer(), description, signal)
  const { id, value, username, expiresAt } = await report.timeline.phase('Mint a token', mintNow).catch((error) => {
    if (isNotMinted(error)) journal.settled()
    throw error
  })
  journal.minted(id)
  ownership.refresh()
  const expiry = expiresAt ? `expires ${expiresAt.toISOString()}` : 'does not expire'
  log.info(`Minted token ${id}: ${expiry}.`)
  log.debug(`Its description: ${description}`)
  const logins = loginsOf(inputs, { username, value })
  const credential: Credential = { tokenId: id, mintedAt, expiresAt, logins, origin: 'minted' }
  report.credential(credential, inputs)
  return { credential, ...begun }
}

/** A minted credential has one login for all registries. */
function loginsOf({ registry }: Inputs, { username, value }: Pick<MintedCredential, 'username' | 'value'>): Logins {
  return [{ servers: registry.servers, username: username ?? registry.username ?? '', password: value }]
}

/** @throws ActionError when the provided credential has expired */
export function useProvided({ clock }: RunContext, { input, logins, expiresAt }: ProvidedCredential): Credential {
  const now = clock.now()
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new ActionError(
      'credential-expired',
      `The credential in \`${input}\` expired at ${expiresAt.toISOString()}`,
      { hint: 'Let the step that logs in to the registry run in this job, before this one.' },
    )
  }
  for (const { password } of logins) mask(password)
  return { tokenId: providedTokenId(randomUUID()), mintedAt: now, expiresAt, logins, origin: 'provided' }
}

/** What stands for the new credential in a dry run: the API servers check a secret of the same shape. */
export function plannedToken({ clock, inputs }: RunContext): Credential {
  const logins = loginsOf(inputs, { value: randomBytes(16).toString('hex') })
  return { tokenId: 'planned', mintedAt: clock.now(), expiresAt: undefined, logins, origin: 'planned' }
}

/** Whether the issuer said so: then the post step need not look for a token. */
function isNotMinted(error: unknown): boolean {
  const response = error instanceof ActionError && error.cause instanceof HttpError ? error.cause : error
  const isUnclear = error instanceof ActionError && error.code === 'mint-result-unknown'
  return !isUnclear && response instanceof HttpError && !isOutcomeUnknown(response)
}
