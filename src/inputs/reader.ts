import { ActionError, InputError } from '../core/errors.ts'
import { isSafe, withoutFinalSlashes } from '../http/address.ts'
import { childEnvironment } from '../runner/child-environment.ts'
import { maskProvided } from '../runner/mask.ts'
import { allowedText } from './allowed-text.ts'
import { certificatesIn } from './certificates.ts'
import { parseDuration } from './duration.ts'
import { quote } from './quote.ts'
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
    const error = new InputError(name, problem, hint)
    // An input can be read twice.
    if (this.#errors.every(({ message }) => message !== error.message)) this.#errors.push(error)
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
    const value = this.#value(name)
    if (value === undefined) return undefined
    const certificates = certificatesIn(value)
    if (certificates === undefined) this.addInvalid(name, 'contains no valid certificate')
    return certificates
  }
}

function items(value: string): string[] {
  return value
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
