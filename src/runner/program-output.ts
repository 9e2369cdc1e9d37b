import { redact } from '../runner/mask.ts'

/** Of a log line of a plugin, and of the lines that are shown. */
const MAX_LINE_LENGTH = 300
const MAX_LINES = 10

/** Names before a value that is a secret: `refresh_token=…`, `"password": "…"`, `Authorization: Bearer …`. */
const NAMED =
  /((?:(?:token|secret|passw(?:or)?d|pwd|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|assertion|credential|session|signature)s?|authorization|cookie)["']?\s*[:=]\s*["']?(?:(?:bearer|basic|negotiate)\s+)?|\b(?:bearer|basic)\s+|[?&#](?:code|sig|key)=)[^\s"',;&]+/gi

/** A run of the characters of tokens; a slash is part of base64, but also of paths and URLs. */
const RUN = /[\w%+/.~-]{16,}/g
const MAX_HARMLESS_LENGTH = 11

/**
 * Replaces what looks like a secret in the text of a program: values after names such as `token`, and long runs of the
 * characters of tokens. A plugin may print secrets that this run has never seen, so no mask knows them.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(PEM, '***')
    .replace(NAMED, '$1***')
    .replace(RUN, (run) => (run.split('/').every(isHarmless) ? run : '***'))
}

const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g

/** Short, or words of one case, as in `login.microsoftonline.com` and `AUTHENTICATION_FAILED`. */
function isHarmless(part: string): boolean {
  return part.length <= MAX_HARMLESS_LENGTH || /^([a-z._~-]+|[A-Z._~-]+)$/.test(part)
}

/** The first lines of the output of a program, for the log: bounded, without what looks like a secret. */
export function excerptOf(output: string): string[] {
  const lines = withoutSecrets(redact(output))
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const shown = lines.slice(0, MAX_LINES).map((line) => shorten(line))
  return lines.length > MAX_LINES ? [...shown, `… (${lines.length - MAX_LINES} more lines)`] : shown
}

function shorten(line: string): string {
  return line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}…` : line
}

/**
 * Whether a program asks a person to sign in with a code or in a browser: https://www.rfc-editor.org/rfc/rfc8628#section-3.3,
 * https://azure.github.io/kubelogin/concepts/login-modes/devicecode.html, https://github.com/int128/kubelogin,
 * https://cloud.google.com/sdk/gcloud/reference/auth/login
 */
export function asksForPerson(output: string): boolean {
  return CODE.test(output) || BROWSER.test(output)
}

const CODE = /\bdevicelogin\b|\/device\b|\bdevice[ _]?code\b|\benter (?:the |this |user )?code\b|\buse a web browser\b/i
const BROWSER = /\b(?:open(?:ing)?|visit|go to)\b[^\n]{0,60}\bbrowser\b/i
