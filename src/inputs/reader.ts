import { X509Certificate } from 'node:crypto'
import { ActionError, InputError } from '../core/errors.ts'
import { isSafe, withoutFinalSlashes } from '../http/address.ts'
import { childEnvironment } from '../runner/child-environment.ts'
import { maskProvided } from '../runner/mask.ts'
import { decodeBase64 } from './base64.ts'
import { defaultOf, type InputRow, type ListRow, type SecretRow, type TextRow } from './table/row.ts'
import { INPUT_NAMES, INPUTS, type InputName, type NameOf } from './table.ts'
import { unknownInputs } from './unknown-inputs.ts'

type Choice<Name extends NameOf<'choice'>> = (typeof INPUTS)[Name]['choices'][number]

/**
 * Reads inputs by the rules of the table and collects their errors, so a run can report all of them at once. A method
 * that finds an error returns a placeholder: call `errors` before you use any value.
 */
export class Reader {
  /** Sentences about valid inputs that may not do what the user expects. */
  readonly warnings: string[] = []
  readonly #errors: InputError[] = []
  readonly #variableErrors: ActionError[] = []
  readonly #environment: NodeJS.ProcessEnv

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment
  }

  /**
   * Adds an error of one input.
   * @param problem completes the sentence "Input `name` …"; it must not contain a secret
   */
  addError(name: InputName, problem: string, hint?: string): void {
    this.#errors.push(new InputError(name, problem, hint))
  }

  /**
   * Adds an error of one environment variable.
   * @param problem completes the sentence "Environment variable `name` …"; it must not contain a secret
   */
  addVariableError(name: string, problem: string, hint: string): void {
    this.#variableErrors.push(new ActionError('invalid-input', `Environment variable \`${name}\` ${problem}`, { hint }))
  }

  /** Adds an error whose hint is what the table allows. */
  addInvalid(name: InputName, problem: string): void {
    const allowed = allowedText(INPUTS[name])
    this.addError(name, problem, allowed && `Allowed: ${allowed}.`)
  }

  /** All errors in the order of the table, then one for each misspelt input, and then those of variables. */
  errors(): ActionError[] {
    const order = new Map<string, number>(INPUT_NAMES.map((name, index) => [name, index]))
    const position = ({ input }: InputError) => order.get(input) ?? order.size
    const errors = this.#errors.toSorted((one, other) => position(one) - position(other))
    return [...errors, ...this.#variableErrors]
  }

  /** Adds an error for each misspelt input, and a warning for each that is none of this action. */
  checkUnknown(): void {
    for (const { name, meant } of unknownInputs(this.#environment, (input) => this.isSet(input))) {
      const problem = 'is not an input of this action'
      if (meant === undefined) this.warnings.push(`Input ${quote(name)} ${problem} and has no effect.`)
      else this.#errors.push(new InputError(name, problem, `Use \`${meant}\` instead.`))
    }
  }

  #value(name: InputName): string | undefined {
    return this.#environment[`INPUT_${name.toUpperCase()}`]?.trim() || undefined
  }

  #valueOrDefault(name: NameOf<'flag' | 'count'>): string {
    return this.#value(name) ?? INPUTS[name].default
  }

  /** The environment for a child process. */
  childEnvironment(): NodeJS.ProcessEnv {
    return childEnvironment(this.#environment)
  }

  /** Whether the workflow sets an input. The runner sets the defaults of `action.yml`, so they do not count. */
  isSet(name: InputName): boolean {
    const row: InputRow = INPUTS[name]
    const value = this.#value(name)
    if (value === undefined) return false
    return row.type === 'list' ? items(value).length > 0 : value.toLowerCase() !== defaultOf(row)
  }

  text(name: NameOf<'text'>): string | undefined {
    const value = this.#value(name)
    const { pattern }: TextRow = INPUTS[name]
    if (value !== undefined && pattern?.test(value) === false) this.addInvalid(name, `is ${quote(value)}`)
    return value
  }

  /** @returns the masked secret, without the prefix of the table */
  secret(name: NameOf<'secret'>): string | undefined {
    const { pattern, prefix }: SecretRow = INPUTS[name]
    const value = this.#value(name)
    if (value === undefined) return undefined
    const secret = maskProvided(prefix === undefined ? value : value.replace(prefix, ''))
    if (pattern?.test(secret) === false) this.addInvalid(name, 'is not in the expected format')
    return secret
  }

  list(name: NameOf<'list'>): string[] {
    const found = items(this.#value(name) ?? '')
    const { pattern }: ListRow = INPUTS[name]
    for (const item of found) if (pattern?.test(item) === false) this.addInvalid(name, `contains ${quote(item)}`)
    return found
  }

  /** @returns the lines, trimmed. A value may contain a comma, so commas do not separate pairs. */
  lines(name: NameOf<'pairs'>): string[] {
    return (this.#value(name) ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  flag(name: NameOf<'flag'>): boolean {
    const value = this.#valueOrDefault(name).toLowerCase()
    if (value !== 'true' && value !== 'false') this.addInvalid(name, `is ${quote(this.#valueOrDefault(name))}`)
    return value === 'true'
  }

  /** @param unset what is used without a value: the default of the table, if there is one */
  choice<Name extends NameOf<'choice'>>(name: Name, unset: Choice<Name>): Choice<Name> {
    const value = this.#value(name)
    if (value === undefined) return unset
    const found = INPUTS[name].choices.find((choice) => choice === value)
    if (found === undefined) this.addInvalid(name, `is ${quote(value)}`)
    return found ?? unset
  }

  /** @returns milliseconds; 0 without a value and a default */
  duration(name: NameOf<'duration'>): number {
    const value = this.#value(name) ?? defaultOf(INPUTS[name])
    if (value === undefined) return 0
    const durationMs = parseDuration(value)
    const isAllowed = durationMs !== undefined && (durationMs > 0 || !('positive' in INPUTS[name]))
    if (!isAllowed) this.addInvalid(name, `is ${quote(value)}`)
    return durationMs ?? 0
  }

  count(name: NameOf<'count'>): number {
    const value = this.#valueOrDefault(name)
    const number = Number(value)
    const isAllowed = /^\d+$/.test(value) && number >= 1 && number <= INPUTS[name].max
    if (!isAllowed) this.addInvalid(name, `is ${quote(value)}`)
    return isAllowed ? number : Number(INPUTS[name].default)
  }

  /** @returns the URL without a final slash; it may have a path */
  endpoint(name: NameOf<'endpoint'>): string | undefined {
    const value = this.#value(name) ?? defaultOf(INPUTS[name])
    if (value === undefined) return undefined
    if (!URL.canParse(value) || !isSafe(new URL(value))) {
      this.addInvalid(name, `is ${quote(value)}`)
      return undefined
    }
    const { username, password, search, hash } = new URL(value)
    if (username || password) this.addInvalid(name, 'contains a user name or password')
    else if (search || hash) this.addInvalid(name, `is ${quote(value)}, which has a query or fragment`)
    return withoutFinalSlashes(value)
  }

  /** @returns one or several certificates, PEM */
  certificates(name: NameOf<'pem'>): string | undefined {
    const provided = this.#value(name)
    const value = (provided !== undefined && pemIn(provided)) || provided
    if (value !== undefined && !containsCertificates(value)) this.addInvalid(name, 'contains no valid certificate')
    return value
  }
}

/** What the table allows for an input; undefined when it allows any text. */
function allowedText(row: InputRow): string | undefined {
  switch (row.type) {
    case 'flag':
      return 'true, false'
    case 'choice':
      return row.choices.join(', ')
    case 'duration':
      return `${row.positive ? 'a number' : '0, or a number'} with a unit, for example 90s, 5m, 12h, 30d`
    case 'count':
      return `a whole number from 1 to ${row.max}`
    case 'endpoint':
      return 'an https URL, for example https://api.example.com, or an http URL of a loopback address'
    case 'pem':
      return 'PEM text that starts with -----BEGIN CERTIFICATE-----'
    default:
      return row.allowed
  }
}

function items(value: string): string[] {
  return value
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** @returns milliseconds; undefined when the text is not a duration */
function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  return unit === undefined ? undefined : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The certificates in a base64 of PEM, as a kubeconfig has it. */
function pemIn(value: string): string | undefined {
  const decoded = decodeBase64(value)
  return decoded !== undefined && containsCertificates(decoded) ? decoded.trim() : undefined
}

function containsCertificates(pem: string): boolean {
  const [, ...blocks] = pem.split('-----BEGIN CERTIFICATE-----')
  try {
    for (const block of blocks) new X509Certificate(`-----BEGIN CERTIFICATE-----${block}`)
    return blocks.length > 0
  } catch {
    return false
  }
}

/** A value for an error message. It hides a long value, which may be a misplaced secret, and the login in a URL. */
export function quote(value: string): string {
  return value.length > 80 ? `a text of ${value.length} characters` : `"${withoutLogin(value)}"`
}

function withoutLogin(url: string): string {
  const start = url.indexOf('//')
  const end = url.lastIndexOf('@')
  return start < 0 || end < start + 2 ? url : `${url.slice(0, start)}//***${url.slice(end)}`
}
