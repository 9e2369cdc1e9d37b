import { setSecret } from '@actions/core'

/** The secrets that the runner knows. */
const masked = new Set<string>()
/** Every form in which a registered secret may appear in the text of a server. */
const forms = new Set<string>()

/** Shorter forms are not redacted: they would match inside unrelated words. */
const MIN_FORM_LENGTH = 4

/**
 * Registers a secret with the runner, which then hides it in the log, and returns it. Call it on the line after the secret is
 * read, never with a constant such as `token`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 */
export function mask(secret: string): string {
  if (secret.trim() === '' || masked.has(secret)) return secret
  masked.add(secret)
  setSecret(secret)
  for (const form of formsOf(secret)) forms.add(form)
  return secret
}

/**
 * Masks a password and the base64 of `user:password`.
 * @returns the base64, as in `Authorization: Basic` (https://www.rfc-editor.org/rfc/rfc7617#section-2) and in `auth` of a
 *   docker config
 */
export function maskBasic(username: string, password: string): string {
  mask(password)
  return mask(Buffer.from(`${username}:${password}`).toString('base64'))
}

/** Removes every registered secret. The runner does this for its log only; files and error texts need it as well. */
export function redact(text: string): string {
  let clean = text
  // Longest first: a secret can contain another one.
  for (const form of [...forms].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(form, '***')
  return clean
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  // Inside a longer text, base64 groups its bytes by three: the secret starts at one of three offsets, and only the groups
  // at its edges depend on the bytes around it. https://www.rfc-editor.org/rfc/rfc4648#section-4
  const base64 = [0, 1, 2].map((skip) =>
    bytes
      .subarray(skip)
      .toString('base64')
      .replace(/.?={1,2}$/, ''),
  )
  const encoded = [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)]
  const lines = secret.split(/\r?\n/).map((line) => line.trim())
  return [...encoded, ...base64, ...lines].filter((form) => form.length >= MIN_FORM_LENGTH)
}
