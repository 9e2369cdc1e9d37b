import { cut, end } from '../core/format.ts'
import { printable } from '../runner/log.ts'
import { redact, redactEach } from '../runner/mask.ts'

const MAX_MESSAGE_LENGTH = 500
/** Of a longer message: an API server quotes a whole object before it says what is wrong with it. */
const END_LENGTH = 150

/**
 * The code and the message of an error body, both safe to print:
 * - Kubernetes: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 * - registries: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 * - OAuth servers (UAA): https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * - Cloud Foundry: https://v3-apidocs.cloudfoundry.org/#errors
 * - IBM IAM: https://cloud.ibm.com/apidocs/iam-identity-token-api
 */
export function parseErrorBody(body: string): {
  readonly code: string | undefined
  readonly message: string | undefined
} {
  const parsed = parseObject(body)
  if (parsed === undefined) return { code: undefined, message: asPrintable(redact(body).replace(/<[^<>]*>/g, ' ')) }
  // Registries, Cloud Foundry v3 and IAM return a list. Its first entry names the reason.
  const error = (Array.isArray(parsed.errors) ? asRecord(parsed.errors[0]) : undefined) ?? parsed
  const codes = [
    error.error_code,
    error.title,
    error.message_code,
    error.errorCode,
    error.error,
    error.reason,
    error.code,
  ]
  const messages = [
    error.error_description,
    error.description,
    error.errorMessage,
    error.message,
    error.detail,
    error.details,
  ]
  // The code is shown before the message, and in the job summary also alone.
  const [code = '', message = ''] = redactEach([firstText(codes), firstText(messages)])
  return { code: asPrintable(code), message: asPrintable(message) }
}

function firstText(values: readonly unknown[]): string {
  const texts = values.filter((value) => typeof value === 'string' || typeof value === 'number').map(String)
  return texts.find((text) => text.trim() !== '') ?? ''
}

/** @param redacted before its whitespace changes */
function asPrintable(redacted: string): string | undefined {
  const text = printable(redacted.trim().replace(/\s+/g, ' '))
  if (text === '') return undefined
  return text.length > MAX_MESSAGE_LENGTH
    ? `${cut(text, MAX_MESSAGE_LENGTH - END_LENGTH)}…${end(text, END_LENGTH)}`
    : text
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    return asRecord(JSON.parse(body))
  } catch {
    return undefined
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
