// Every secret of the tests in this process, and the search for them. The servers and the runner of the tests add what they
// see, so a scenario need not name its secrets.
import { EndFilter } from './end-filter.ts'
import { type Form, formsOf, MIN_LENGTH } from './forms.ts'

interface Occurrence {
  readonly secret: string
  readonly form: Form
}

export interface Leak {
  /** How the text contains the secret. */
  readonly form: string
  /** Where the tests have the secret from. */
  readonly origin: string
  /** The text around it. */
  readonly context: string
}

/** Of the last scenarios: each has some dozens. */
const MAX_SECRETS = 1000

export class KnownSecrets {
  readonly #origins = new Map<string, string>()
  readonly #public = new Map<string, string>(PUBLIC.map((value) => [value, 'a constant']))
  /** By their last characters: the tokens of an issuer begin alike. */
  #forms = new Map<string, Occurrence[]>()
  #ends = new EndFilter(MIN_LENGTH)

  /** @param origin completes "… of the …" */
  add(secret: string, origin: string): void {
    if (secret.trim().length < MIN_LENGTH || this.#origins.has(secret)) return
    if (this.#origins.size >= MAX_SECRETS) this.#forgetOldest()
    this.#origins.set(secret, origin)
    this.#addForms(secret)
  }

  /** The fault-injection matrix sees tens of thousands. A step adds its own again before it is searched. */
  #forgetOldest(): void {
    this.#forms = new Map()
    this.#ends = new EndFilter(MIN_LENGTH)
    const forgotten = [...this.#origins.keys()].slice(0, MAX_SECRETS / 2)
    for (const secret of forgotten) this.#origins.delete(secret)
    for (const secret of this.#origins.keys()) this.#addForms(secret)
  }

  #addForms(secret: string): void {
    for (const form of formsOf(secret)) {
      const key = form.text.slice(-MIN_LENGTH)
      this.#ends.add(key)
      const others = this.#forms.get(key)
      if (others === undefined) this.#forms.set(key, [{ secret, form }])
      else others.push({ secret, form })
    }
  }

  addAll(secrets: readonly string[], origin: string): void {
    for (const secret of secrets) this.add(secret, origin)
  }

  /**
   * Excludes a value that anyone may see although it is used as a secret.
   * @param reason for the reader of the test
   */
  allow(value: string, reason: string): void {
    this.#public.set(value, reason)
  }

  /** @returns each secret once, in the first form that is found */
  find(text: string): Leak[] {
    const found = new Map<string, Leak>()
    for (const end of this.#ends.candidates(text)) {
      for (const { secret, form } of this.#forms.get(text.slice(end - MIN_LENGTH, end)) ?? []) {
        if (found.has(secret) || this.#public.has(secret) || !text.endsWith(form.text, end)) continue
        const start = end - form.text.length
        const context = text.slice(Math.max(0, start - CONTEXT_LENGTH), end + CONTEXT_LENGTH)
        found.set(secret, { form: form.name, origin: this.#origins.get(secret) ?? '', context })
      }
    }
    return [...found.values()]
  }
}

const CONTEXT_LENGTH = 60

/** What stands where secrets stand, and is in the documentation of IBM. Shorter ones, as `token` and `cf:`, are not added. */
const PUBLIC = ['iamapikey', 'not_supported']

export const knownSecrets = new KnownSecrets()
