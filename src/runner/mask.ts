import { setSecret } from '@actions/core'
import type { Range } from './decode.ts'
import { innerForms, runnerForms } from './encodings.ts'
import { addParts, addSecret, findSecrets } from './find-secrets.ts'
import { lettersOf } from './interruptions.ts'
import { MIN_FORM_LENGTH } from './secret-index.ts'

const masked = new Set<string>()
/** Of which the runner knows the forms inside a longer base64 as well. */
const completed = new Set<string>()

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
  addParts(secret)
}

function register(secret: string): void {
  if (secret.trim() === '' || masked.has(secret)) return
  masked.add(secret)
  for (const form of runnerForms(secret)) if (form === secret || form.length >= MIN_FORM_LENGTH) setSecret(form)
  addSecret(secret)
}

/** Nothing that a server sends is shown at such a length. */
const MAX_TEXT_LENGTH = 256 * 1024

/**
 * Removes every registered secret, in whatever form, also where a server wrote something between its characters, and long parts
 * of it. The runner does this for its log only; files and error texts need it as well. Call it before a text is changed or cut.
 * @returns at most MAX_TEXT_LENGTH characters of the text
 */
export function redact(provided: string): string {
  const text = provided.length > MAX_TEXT_LENGTH ? provided.slice(0, MAX_TEXT_LENGTH) : provided
  return withoutRanges(text, rangesIn(text))
}

/** As `redact`, for texts that are shown one after the other: a server can write the beginning of a secret into one of them. */
export function redactEach(texts: readonly string[]): string[] {
  const bounded = texts.map((text) => text.slice(0, MAX_TEXT_LENGTH))
  const ranges = rangesIn(bounded.join('\n'))
  let start = 0
  return bounded.map((text) => {
    const shifted = ranges.map((range) => ({ start: range.start - start, end: range.end - start }))
    const own = shifted.filter((range) => range.end > 0 && range.start < text.length)
    start += text.length + 1
    return withoutRanges(
      text,
      own.map((range) => ({ start: Math.max(range.start, 0), end: Math.min(range.end, text.length) })),
    )
  })
}

function rangesIn(text: string): Range[] {
  return masked.size === 0 ? [] : findSecrets(text, isPublished)
}

/** A host can be part of a password. */
function isPublished(letters: string): boolean {
  return [...published].some((name) => lettersOf(name).text.includes(letters))
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
