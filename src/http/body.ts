import { redact } from '../runner/mask.ts'

/** A hostile server must not fill the memory. Longer lists are read in smaller pages. */
export const MAX_RESPONSE_BYTES = 64 * 1024 * 1024

/** Of the body of an error only a few hundred characters are shown, and to look for secrets in all of a long one takes minutes. */
export const MAX_ERROR_BYTES = 64 * 1024

/** Of an error body that was cut: a secret that goes past the cut is not recognized. */
const CUT_SECRET_LENGTH = 16 * 1024

/** A body that is larger than this action reads. */
export class BodyTooLarge extends Error {}

const decoder = new TextDecoder()

/** The body of a response: all of it when the request succeeded, else its beginning. */
export class Body {
  readonly #maxBytes: number
  readonly #chunks: Uint8Array[] = []
  #bytes = 0

  constructor(status: number) {
    this.#maxBytes = status >= 200 && status < 300 ? MAX_RESPONSE_BYTES : MAX_ERROR_BYTES
  }

  /**
   * @returns whether the rest is of use
   * @throws BodyTooLarge
   */
  add(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes > MAX_RESPONSE_BYTES) throw new BodyTooLarge()
    return this.#bytes <= this.#maxBytes
  }

  text(): string {
    const [first] = this.#chunks
    if (first === undefined) return ''
    const bytes = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks)
    if (this.#bytes <= this.#maxBytes) return decoder.decode(bytes)
    return redact(decoder.decode(bytes.subarray(0, MAX_ERROR_BYTES))).slice(0, -CUT_SECRET_LENGTH)
  }
}
