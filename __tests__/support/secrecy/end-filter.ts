// Where in a long text one of many short texts may end: by a rolling hash, since to look up each substring takes too long.
// https://en.wikipedia.org/wiki/Rabin%E2%80%93Karp_algorithm

const BASE = 0x01000193
const BITS = 20

export class EndFilter {
  readonly #length: number
  readonly #isEnd = new Uint8Array(1 << BITS)
  /** BASE to the power of the length. */
  readonly #leaving: number

  /** @param length of each text that is added */
  constructor(length: number) {
    this.#length = length
    this.#leaving = Array.from({ length }).reduce<number>((power) => Math.imul(power, BASE), 1)
  }

  add(text: string): void {
    let hash = 0
    for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, BASE) + text.charCodeAt(index)) | 0
    this.#isEnd[hash >>> (32 - BITS)] = 1
  }

  /** The ends of the substrings that may have been added. */
  candidates(text: string): number[] {
    const ends: number[] = []
    let hash = 0
    for (let index = 0; index < text.length; index++) {
      hash = (Math.imul(hash, BASE) + text.charCodeAt(index)) | 0
      if (index >= this.#length) hash = (hash - Math.imul(this.#leaving, text.charCodeAt(index - this.#length))) | 0
      if (index >= this.#length - 1 && this.#isEnd[hash >>> (32 - BITS)] === 1) ends.push(index + 1)
    }
    return ends
  }
}
