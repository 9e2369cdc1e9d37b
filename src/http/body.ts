import type { Dispatcher } from 'undici'
import { redact } from '../runner/mask.ts'

/** A hostile server must not fill the memory. Longer lists are read in smaller pages. */
export const MAX_RESPONSE_BYTES = 64 * 1024 * 1024

/** Of the body of an error only a few hundred characters are shown, and to look for secrets in all of a long one takes minutes. */
export const MAX_ERROR_BYTES = 64 * 1024

/** Of an error body that was cut: a secret that goes past the cut is not recognized. */
const CUT_SECRET_LENGTH = 16 * 1024

/** A body that is larger than this action reads. */
export class BodyTooLarge extends Error {}

/**
 * The body of a response: all of it when the request succeeded, else its beginning. The connection of a longer one is closed.
 * @throws BodyTooLarge
 */
export async function readBody({
  statusCode,
  headers,
  body,
}: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>): Promise<string> {
  const isError = statusCode < 200 || statusCode >= 300
  // The usual case, in which no chunk is looked at.
  if (Number(headers['content-length'] ?? Number.NaN) <= MAX_ERROR_BYTES) return await body.text()
  const chunks: Buffer[] = []
  let bytes = 0
  // To leave the loop closes the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (isError && bytes > MAX_ERROR_BYTES) return cut(Buffer.concat(chunks))
    if (bytes > MAX_RESPONSE_BYTES) throw new BodyTooLarge()
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

function cut(bytes: Buffer): string {
  return redact(bytes.subarray(0, MAX_ERROR_BYTES).toString()).slice(0, -CUT_SECRET_LENGTH)
}
