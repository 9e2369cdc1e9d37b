import { setSecret } from '@actions/core'
import { findDecoded, type Range } from './decode.ts'
import { innerForms, plainForms, runnerForms } from './encodings.ts'
import { MIN_FORM_LENGTH, SecretIndex } from './secret-index.ts'

const masked = new Set<string>()
/** Of which the runner knows the forms inside a longer base64 as well. */
const completed = new Set<string>()
/** The forms in which a registered secret may appear in the text of a server. */
const index = new SecretIndex()
/** Secrets of the workflow that are too short for the index. */
const shortSecrets = new Set<string>()

/**
 * Values that are documented as part of a login, and secret nowhere: user names for a token, what stands for the password when
 * the user name is the secret, and values of this action's outputs.
 */
const PUBLIC_VALUES = new Set([
  'none',
  'x-oauth-basic',
  'token',
  'apikey',
  'iamapikey',
  'aws',
  '_token',
  '_json_key',
  '_json_key_base64',
  '_dcgcloud_token',
  'oauth2accesstoken',
  '$oauthtoken',
  'x-access-token',
  '00000000-0000-0000-0000-000000000000',
  'namespace',
  'workloads',
  'unchanged',
  'serviceaccounts',
])

const published = new Set<string>()

/** Names that a run shows: what was found elsewhere and equals one of them is not masked. */
export function publish(values: readonly string[]): void {
  for (const value of values) published.add(value)
}

/** Whether a value is documented to stand for no password: then the user name is the secret. */
export function isPlaceholder(password: string): boolean {
  return password === 'none' || password === 'x-oauth-basic'
}

/** Masks a secret that the workflow provides, whatever its length, and returns it. */
export function maskProvided(secret: string): string {
  if (!PUBLIC_VALUES.has(secret.toLowerCase())) complete(secret)
  return secret
}

/**
 * Masks a secret that was found elsewhere, and returns it. Call it on the line after the secret is read. The runner removes it
 * from the log of the whole job and drops outputs that contain it, so a short one, and one that is public, is not masked.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 * @param publicIds what is known about the secret and not secret itself: user name, id, host
 */
export function mask(secret: string, ...publicIds: readonly unknown[]): string {
  if (!completed.has(secret) && isSecret(secret, publicIds)) complete(secret)
  return secret
}

/**
 * As `mask`, for what this run only keeps as it is: thousands of namespaces can each have their own, and each form is a line of
 * the log.
 */
export function maskKept(secret: string, publicIds: readonly unknown[]): void {
  if (!masked.has(secret) && isSecret(secret, publicIds)) register(secret)
}

function isSecret(found: string, publicIds: readonly unknown[]): boolean {
  const isPublic = PUBLIC_VALUES.has(found.toLowerCase()) || published.has(found) || publicIds.includes(found)
  return found.length >= MIN_FORM_LENGTH && !isPublic
}

/**
 * Masks a password and the base64 of `user:password`.
 * @returns the base64, as in `Authorization: Basic` (https://www.rfc-editor.org/rfc/rfc7617#section-2) and in `auth` of a
 *   docker config
 */
export function maskBasic(username: string, password: string): string {
  mask(password, username)
  return mask(Buffer.from(`${username}:${password}`).toString('base64'))
}

function complete(secret: string): void {
  if (secret.trim() === '' || completed.has(secret)) return
  completed.add(secret)
  register(secret)
  for (const form of innerForms(secret)) if (form.length >= MIN_FORM_LENGTH) setSecret(form)
}

function register(secret: string): void {
  if (secret.trim() === '' || masked.has(secret)) return
  masked.add(secret)
  for (const form of runnerForms(secret)) if (form === secret || form.length >= MIN_FORM_LENGTH) setSecret(form)
  for (const form of plainForms(secret)) index.add(form)
  if (secret.length < MIN_FORM_LENGTH) shortSecrets.add(secret)
}

/** Nothing that a server sends is shown at such a length. */
const MAX_TEXT_LENGTH = 256 * 1024

/**
 * Removes every registered secret, in whatever form. The runner does this for its log only; files and error texts need it as
 * well. Call it before a text is changed or cut.
 * @returns at most MAX_TEXT_LENGTH characters of the text
 */
export function redact(provided: string): string {
  const text = provided.length > MAX_TEXT_LENGTH ? provided.slice(0, MAX_TEXT_LENGTH) : provided
  if (masked.size === 0) return text
  const ranges = findDecoded(text, (view) => index.find(view))
  // An encoding is redacted from eight characters on, the short secret itself everywhere.
  if (shortSecrets.size > 0) ranges.push(...shortIn(text), ...findDecoded(text, shortIn).filter(isLong))
  return withoutRanges(text, ranges)
}

function isLong({ start, end }: Range): boolean {
  return end - start >= MIN_FORM_LENGTH
}

function shortIn(text: string): Range[] {
  const ranges: Range[] = []
  for (const secret of shortSecrets) {
    for (let start = text.indexOf(secret); start !== -1; start = text.indexOf(secret, start + 1)) {
      ranges.push({ start, end: start + secret.length })
    }
  }
  return ranges
}

/** Ranges that overlap or touch become one. */
function withoutRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text
  const parts: string[] = []
  let done = 0
  let isOpen = false
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start > done || !isOpen) parts.push(text.slice(done, start), '***')
    isOpen = true
    done = Math.max(done, end)
  }
  return parts.join('') + text.slice(done)
}
