/** Which beginnings of four characters are possible. It rules out most positions of a text before a slower search. */
export class BeginningFilter {
  readonly #mask: number
  #possible: Uint8Array | undefined

  /** @param bits of the hash of a beginning: the filter has 2 ** bits bytes, once something is in it */
  constructor(bits: number) {
    this.#mask = (1 << bits) - 1
  }

  add(text: string, start: number): void {
    this.#possible ??= new Uint8Array(this.#mask + 1)
    this.#possible[this.#hash(text, start)] = 1
  }

  /** Whether something that was added may begin there. */
  has(text: string, start: number): boolean {
    return this.#possible?.[this.#hash(text, start)] === 1
  }

  #hash(text: string, start: number): number {
    const code =
      text.charCodeAt(start) ^
      (text.charCodeAt(start + 1) << 4) ^
      (text.charCodeAt(start + 2) << 9) ^
      (text.charCodeAt(start + 3) << 13)
    return code & this.#mask
  }
}
