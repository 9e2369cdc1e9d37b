import { setSecret } from '@actions/core'

/** What the runner knows already. */
const masked = new Set<string>()
/** Every form under which a registered secret may come back to us in somebody's text. */
const forms = new Set<string>()

/**
 * Registers a secret with the runner, so that it never shows in a log, and hands it back. Call it on the line after the
 * secret's birth, and never with a constant such as `token`.
 */
export function mask(secret: string): string {
  if (secret.trim() === '' || masked.has(secret)) return secret
  masked.add(secret)
  setSecret(secret)
  for (const form of formsOf(secret)) forms.add(form)
  return secret
}

/**
 * Masks the secret together with what is derived from it for a registry: the base64 of `user:password`.
 * @returns the base64 form, as in `Authorization: Basic` and in `auth` of a docker config.
 */
export function maskBasic(username: string, password: string): string {
  mask(password)
  return mask(Buffer.from(`${username}:${password}`).toString('base64'))
}

/** A text without any registered secret. The runner does the same to its log; this serves files and hostile echoes too. */
export function redact(text: string): string {
  let clean = text
  // Longest first: a secret that is a part of another one must not tear it.
  for (const form of [...forms].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(form, '***')
  return clean
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  // In a longer text base64 starts at one of three offsets: the bytes around it change, the inner ones do not.
  const base64 = [0, 1, 2].map((skip) => bytes.subarray(skip).toString('base64').replace(/.?=+$/, ''))
  const written = [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)]
  const lines = secret.split(/\r?\n/).map((line) => line.trim())
  // Very short forms would tear unrelated words apart.
  return [...written, ...base64, ...lines].filter((form) => form.length >= 4)
}
