import { randomBytes, randomUUID } from 'node:crypto'
import { Failure, Failures, reason } from '../core/errors.ts'
import type { Send } from '../http/client.ts'
import type { Given, Issuer } from '../issuer/issuer.ts'
import { mintOnce } from '../issuer/mint-once.ts'
import type { Credential, Proven } from '../policy/credential.ts'
import type { Candidate } from '../policy/reuse.ts'
import { describeMint, givenId } from '../policy/revocation.ts'
import { type Verdict, works } from '../registry/verdict.ts'
import { type ImageReference, verify, verifyNew } from '../registry/verify.ts'
import * as log from '../runner/log.ts'
import { mask } from '../runner/mask.ts'
import { saveMint, saveMintedId, savePhase } from '../runner/state.ts'

/** Where a credential has to work. */
export interface Purpose {
  readonly servers: readonly string[]
  readonly username: string
  readonly image: ImageReference | undefined
}

/**
 * The first of the stored credentials that every registry still takes.
 * @throws Failures when a registry gives no telling answer: that is no reason to mint
 */
export async function keep(
  send: Send,
  candidates: readonly Candidate[],
  { servers, username, image }: Purpose,
): Promise<Proven | undefined> {
  for (const candidate of candidates) {
    const login = { username, password: mask(candidate.password) }
    const verdicts = await Promise.all(servers.map((server) => verify(send, server, login, image)))
    if (verdicts.every(works)) return { credential: { ...candidate, origin: 'kept' }, verdicts }
    const bad = verdicts.filter((verdict) => !works(verdict))
    if (bad.some(({ kind }) => kind !== 'refused')) throw unproven(bad)
    for (const { sentence } of bad) log.info(`The stored token ${candidate.tokenId} is of no use: ${sentence}.`)
  }
  return undefined
}

/** Mints one credential. From before the request on, the post step knows how to find it. */
export async function mint(issuer: Issuer, prefix: string, run: string, signal: AbortSignal): Promise<Credential> {
  const mintedAt = new Date()
  const description = describeMint(prefix, run, mintedAt, randomBytes(4).toString('hex'))
  saveMint(description)
  const { id, value, expiresAt } = await mintOnce(issuer, description, signal)
  saveMintedId(id)
  const end = expiresAt ? `until ${expiresAt.toISOString()}` : 'without an end'
  log.info(`Minted the token ${id}, ${end}, described "${description}"`)
  return { tokenId: id, mintedAt, expiresAt, password: value, origin: 'minted' }
}

/**
 * The credential that the workflow brings, under an id of its own.
 * @throws Failure when it has ended
 */
export function take({ value, expiresAt }: Given): Credential {
  const now = new Date()
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new Failure(`The credential in \`docker-password\` has ended at ${expiresAt.toISOString()}`, {
      cure: 'Let the step that logs in to the registry run in this job, before this one.',
    })
  }
  return { tokenId: givenId(randomUUID()), mintedAt: now, expiresAt, password: mask(value), origin: 'given' }
}

/**
 * Proves a new credential at every registry, before anything is written. Only one that was minted just now is tried again:
 * it may be too early for it.
 * @throws Failures
 */
export async function prove(
  send: Send,
  credential: Credential,
  { servers, username, image }: Purpose,
  signal: AbortSignal,
): Promise<Proven> {
  const login = { username, password: credential.password }
  const tried = (server: string) =>
    credential.origin === 'minted' ? verifyNew(send, server, login, image, signal) : verify(send, server, login, image)
  const verdicts = await Promise.all(servers.map(tried))
  const bad = verdicts.filter((verdict) => !works(verdict))
  if (bad.length > 0) throw unproven(bad)
  return { credential, verdicts }
}

/** What stands for the new credential where nothing may be minted: the API servers check a secret of the same shape. */
export function rehearsal(): Proven {
  const password = randomBytes(16).toString('hex')
  return {
    credential: { tokenId: 'planned', mintedAt: new Date(), expiresAt: undefined, password, origin: 'rehearsed' },
    verdicts: [],
  }
}

/** Revokes a new credential that nothing holds. Failing to is a warning: the post step tries once more. */
export async function discard(issuer: Issuer, { tokenId }: Credential): Promise<void> {
  try {
    await issuer.revoke(tokenId)
    savePhase('settled')
    log.info(`The new token ${tokenId} was written nowhere: it is revoked.`)
  } catch (error) {
    log.warning(`The new token ${tokenId} was written nowhere and is still alive: ${reason(error)}`)
  }
}

function unproven(verdicts: readonly Verdict[]): Failures {
  const failures = verdicts.map(({ sentence, cure }) => new Failure(sentence, { cure }))
  return new Failures(failures, 'The credential is not proven')
}
