import { X509Certificate } from 'node:crypto'
import { InputError } from '../core/errors.ts'
import { isSafe } from '../http/address.ts'
import { mask } from '../runner/mask.ts'

/**
 * Reads inputs one by one and keeps what is wrong with them, so that a run can report every mistake at once. A reading
 * that fails hands back something harmless: nobody may use it before `finish` was called.
 */
export class Reader {
  /** What may well be meant otherwise, in sentences. */
  readonly warnings: string[] = []
  readonly #problems: InputError[] = []
  readonly #known = new Set<string>()
  readonly #environment: NodeJS.ProcessEnv

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment
  }

  /** Keeps a problem. A secret's value never belongs into it. */
  refuse(input: string, problem: string, allowed?: string): void {
    this.#problems.push(new InputError(input, problem, allowed))
  }

  /** The problems of all inputs, those included that nobody has ever asked for. */
  finish(): readonly InputError[] {
    for (const variable of Object.keys(this.#environment)) {
      const name = /^INPUT_(.+)$/.exec(variable)?.[1]?.toLowerCase()
      if (name === undefined || this.#known.has(name) || this.#environment[variable] === '') continue
      this.refuse(name, 'is not an input of this action', `The inputs are: ${[...this.#known].sort().join(', ')}.`)
    }
    return this.#problems
  }

  text(name: string): string | undefined {
    this.#known.add(name)
    return this.#environment[`INPUT_${name.toUpperCase()}`]?.trim() || undefined
  }

  /** @param bare takes off what is no part of the secret */
  secret(name: string, bare = (value: string) => value): string | undefined {
    const value = this.text(name)
    return value === undefined ? undefined : mask(bare(value))
  }

  /** A text of one form. */
  matching(name: string, pattern: RegExp, allowed: string): string | undefined {
    const value = this.text(name)
    if (value !== undefined && !pattern.test(value)) this.refuse(name, `is ${quote(value)}`, allowed)
    return value
  }

  flag(name: string, usual: boolean): boolean {
    const value = this.text(name)
    if (value === undefined) return usual
    if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
    this.refuse(name, `is ${quote(value)}`, 'Allowed: true, false.')
    return usual
  }

  oneOf<T extends string>(name: string, allowed: readonly [T, ...T[]]): T {
    const value = this.text(name)
    const found = allowed.find((one) => one === (value ?? allowed[0]))
    if (found === undefined) this.refuse(name, `is ${quote(value ?? '')}`, `Allowed: ${allowed.join(', ')}.`)
    return found ?? allowed[0]
  }

  /** @returns milliseconds; 0 where that has a meaning of its own */
  duration(name: string, usual: string, zero: 'allowed' | 'refused' = 'allowed'): number {
    const value = this.text(name) ?? usual
    const [, amount, unit = 's'] =
      /^(?:(0)|(?:(\d{1,6})([smhd])))$/.exec(value)?.filter((part) => part !== undefined) ?? []
    if (amount === undefined || (Number(amount) === 0 && zero === 'refused')) {
      const least = zero === 'allowed' ? '0, or a number' : 'a number'
      this.refuse(name, `is ${quote(value)}`, `Allowed: ${least} with a unit, as in 90s, 5m, 12h, 30d.`)
      return 0
    }
    return Number(amount) * SECONDS[unit as keyof typeof SECONDS] * 1000
  }

  count(name: string, usual: number, most: number): number {
    const value = this.text(name) ?? String(usual)
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= 1 && number <= most) return number
    this.refuse(name, `is ${quote(value)}`, `Allowed: a whole number from 1 to ${most}.`)
    return usual
  }

  /** Items by lines or commas; empty ones do not count. */
  list(name: string): string[] {
    return (this.text(name) ?? '')
      .split(/[\n,]/)
      .map((item) => item.trim())
      .filter((item) => item !== '')
  }

  /** An origin, with a path where a service has one, without a final slash. */
  endpoint(name: string): string | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const allowed = 'Allowed: an https address, as in https://api.example.com; http for this machine itself only.'
    if (!URL.canParse(value) || !isSafe(new URL(value))) {
      this.refuse(name, `is ${quote(value)}`, allowed)
      return undefined
    }
    const { username, password, search, hash } = new URL(value)
    if (username || password) this.refuse(name, 'holds a user name or password', allowed)
    else if (search || hash) this.refuse(name, `is ${quote(value)}, with a query or fragment`, allowed)
    return value.replace(/\/+$/, '')
  }

  /** PEM, one or several certificates. */
  certificates(name: string): string | undefined {
    const value = this.text(name)
    if (value !== undefined && !holdsCertificates(value)) {
      this.refuse(name, 'holds no certificate that can be read', 'Allowed: PEM, from -----BEGIN CERTIFICATE----- on.')
    }
    return value
  }
}

function holdsCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  try {
    for (const block of blocks) new X509Certificate(block)
    return blocks.length > 0
  } catch {
    return false
  }
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 }

/** A value in a sentence; a long one is cut, since a secret may have slipped into it, as may a login into an address. */
export function quote(value: string): string {
  return value.length > 80 ? `a text of ${value.length} characters` : `"${value.replace(/\/\/.*@/, '//***@')}"`
}
