import { ActionError, ActionErrors } from '../core/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Credential, VerifiedCredential } from '../policy/credential.ts'
import type { Candidate } from '../policy/reuse.ts'
import { type ImageReference, imageAt, imagePrefix } from '../registry/reference.ts'
import type { Unverified, UnverifiedKind, Verification } from '../registry/verification.ts'
import { type Attempt, verify, verifyNew } from '../registry/verify.ts'
import * as log from '../runner/log.ts'
import { mask } from '../runner/mask.ts'
import type { RunContext } from './context.ts'
import { repositoryLister } from './list-repositories.ts'

/**
 * Verifies a credential that targets hold, unless this run does not ask registries.
 * @returns undefined when a registry refuses it; also when it denies access to one that not all targets hold: another one
 *   may have it
 * @throws ActionErrors when a registry gives no conclusive response: that is no reason to mint
 */
export async function verifyStored(context: RunContext, candidate: Candidate): Promise<VerifiedCredential | undefined> {
  const { inputs, report } = context
  const { isEverywhere, ...stored } = candidate
  for (const { username, password } of candidate.logins) mask(password, candidate.tokenId, username)
  const credential: Credential = { ...stored, origin: 'reused' }
  if (!inputs.verify) return { credential, verifications: [] }
  const isSkipped = ({ kind }: Unverified) => kind === 'refused' || (!isEverywhere && isAboutCredential(kind))
  const attempts = attemptsOf(credential, inputs)
  const verifications = await report.timeline.phase('Verify the stored credential', () =>
    Promise.all(attempts.map((attempt) => verifyOnce(context, attempt))),
  )
  const failed = verifications.filter((one) => one.status === 'failed')
  if (failed.length === 0) return { credential, verifications }
  if (failed.some(({ kind }) => kind === 'refused')) report.refused(candidate.tokenId)
  if (!failed.every(isSkipped)) throw errorsOf(failed)
  for (const { error } of failed) log.info(`Skipped stored token ${candidate.tokenId}: ${error.message}.`)
  return undefined
}

/**
 * As `verify`. A provided credential can be stored as well: where a registry refuses it, it is not presented again, because
 * registries lock an account after a few wrong passwords.
 */
async function verifyOnce({ send, provided, refusals }: RunContext, attempt: Attempt): Promise<Verification> {
  const key = JSON.stringify([attempt.server, attempt.login])
  const known = refusals.get(key)
  if (known !== undefined) return known
  const result = await verify(send, attempt)
  if (provided !== undefined && result.kind === 'refused') refusals.set(key, result)
  return result
}

/** One for each login at each of its registries: the secrets of several clusters often have the same ones. */
function attemptsOf({ logins }: Credential, { registry }: Inputs): Attempt[] {
  const images = imagesAt([...new Set(logins.flatMap(({ servers }) => servers))], registry.image)
  const attempts = logins.flatMap(({ servers, username, password }) =>
    servers.map((server) => ({ server, login: { username, password }, image: images.get(server) })),
  )
  return [...new Map(attempts.map((attempt) => [JSON.stringify(attempt), attempt])).values()]
}

/**
 * The image, by the entries of the docker config that it is verified with: those that the kubelet tries first. It tries the one
 * with the longest path first, and the others may be for other repositories.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go
 */
function imagesAt(servers: readonly string[], image: ImageReference | undefined): Map<string, ImageReference> {
  const found = servers.flatMap((server) => {
    const at = image && imageAt(server, image)
    return at === undefined ? [] : [{ server, at, length: imagePrefix(server).length }]
  })
  const first = found.filter(({ at, length }) =>
    found.every((other) => other.at.host !== at.host || other.length <= length),
  )
  return new Map(first.map(({ server, at }) => [server, at]))
}

/** The registry may respond differently to another credential. */
function isAboutCredential(kind: UnverifiedKind): boolean {
  return kind === 'forbidden' || kind === 'quota' || kind === 'private-network'
}

/**
 * Verifies a minted or a provided credential. Only one that was minted just now is tried again: the registry may not know
 * it yet.
 * @throws ActionErrors when a registry does not accept it
 */
export async function verifyNewCredential(context: RunContext, credential: Credential): Promise<VerifiedCredential> {
  const { send, inputs, signal, report } = context
  if (credential.origin === 'planned' || !inputs.verify) return { credential, verifications: [] }
  const listRepositories = repositoryLister(context, credential)
  const attempts = attemptsOf(credential, inputs)
  const verifyOne = async (attempt: Attempt) =>
    credential.origin === 'minted'
      ? await verifyNew(send, { ...attempt, listRepositories }, signal)
      : withEntry(await verifyOnce(context, attempt), attempt, attempts)
  const verifications = await report.timeline.phase('Verify the credential', () => Promise.all(attempts.map(verifyOne)))
  const failed = verifications.filter((one) => one.status === 'failed')
  if (failed.length > 0) throw errorsOf(failed)
  return { credential, verifications }
}

/** Where a registry has several logins, the error about one of them names its entry. */
function withEntry(result: Verification, { server, login }: Attempt, attempts: readonly Attempt[]): Verification {
  const isOther = (other: Attempt) =>
    registryOf(other.server) === registryOf(server) && JSON.stringify(other.login) !== JSON.stringify(login)
  if (result.status === 'verified' || !attempts.some(isOther)) return result
  if (result.kind !== 'refused' && !isAboutCredential(result.kind)) return result
  const { code, message, hint, details, cause } = result.error
  return { ...result, error: new ActionError(code, `${message} (credential for ${server})`, { hint, details, cause }) }
}

function registryOf(server: string): string | undefined {
  return imagePrefix(server).split('/')[0]
}

function errorsOf(failed: readonly Unverified[]): ActionErrors {
  return new ActionErrors(
    failed.map(({ error }) => error),
    'The credential was not verified',
  )
}
