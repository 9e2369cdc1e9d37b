// What the action itself would refuse: its own reader reads the inputs.
import { checkExpiry } from '../../src/inputs/expiry.ts'
import { quote } from '../../src/inputs/quote.ts'
import { Reader } from '../../src/inputs/reader.ts'
import { checkRelations } from '../../src/inputs/relations.ts'
import { INPUTS, type InputName, type NameOf } from '../../src/inputs/table.ts'
import { namesHost, parseImage, referenceOf } from '../../src/registry/reference.ts'
import { type Choices, registryOf } from './choices.ts'
import type { BuilderData } from './data.ts'
import { fieldsOf, providerOf } from './fields.ts'
import { loginsOf } from './logins.ts'
import { isSettingName, type StepInput, stepInputs } from './step-inputs.ts'

export interface Problem {
  /** The input whose field has the problem; undefined when it is another field. */
  readonly input: string | undefined
  /** Whole sentences. */
  readonly text: string
}

/** Stands for the value of a secret or a variable, which the page does not know. */
const UNKNOWN_VALUE = 'unknown-value'

export function problemsOf(data: BuilderData, choices: Choices): Problem[] {
  const inputs = stepInputs(data, choices)
  const read = new Reader(Object.fromEntries(inputs.map((one) => [`INPUT_${one.name.toUpperCase()}`, textOf(one)])))
  checkRelations(read, providerOf(registryOf(data, choices)))
  for (const input of inputs) if (input.kind !== 'reference' && !LIVES.includes(input.name)) readOne(read, input.name)
  readLives(read, inputs)
  const ofInputs = read.errors().map((error) => ({
    input: 'input' in error ? String(error.input) : undefined,
    text: [`${error.message}.`, error.hint].filter(Boolean).join(' '),
  }))
  const reported = new Set(ofInputs.map(({ input }) => input))
  const missing = missingLogins(data, choices).filter(({ input }) => !reported.has(input))
  return [...ofInputs, ...missing, ...secretProblems(data, choices), ...otherProblems(choices)]
}

/** They are read together. */
const LIVES: readonly InputName[] = ['expires-in', 'max-age']

function readLives(read: Reader, inputs: readonly StepInput[]): void {
  const isKnown = (name: InputName) => !inputs.some((one) => one.name === name && one.kind === 'reference')
  const expiresInMs = read.isSet('expires-in') && isKnown('expires-in') ? read.duration('expires-in') : undefined
  if (isKnown('max-age')) checkExpiry(read, expiresInMs, read.duration('max-age'))
}

function textOf(input: StepInput): string {
  switch (input.kind) {
    case 'text':
      return input.text
    case 'flag':
      return String(input.isSet)
    case 'reference':
      return UNKNOWN_VALUE
  }
}

/** Adds the errors of one input. Pairs and secrets have no rule that fits a name or a placeholder. */
function readOne(read: Reader, name: InputName): void {
  const { type } = INPUTS[name]
  if (type === 'text') read.text(name as NameOf<'text'>)
  if (type === 'list') read.list(name as NameOf<'list'>)
  if (type === 'duration') read.duration(name as NameOf<'duration'>)
  if (type === 'flag') read.flag(name as NameOf<'flag'>)
  if (type === 'count') read.count(name as NameOf<'count'>)
  if (type === 'endpoint') read.endpoint(name as NameOf<'endpoint'>)
  if (type === 'pem') read.certificates(name as NameOf<'pem'>)
  if (name === 'revoke') read.choice(name, 'superseded')
  if (name === 'verify-image') readImage(read)
}

function readImage(read: Reader): void {
  const value = read.text('verify-image')
  if (value === undefined || (namesHost(value) ? referenceOf(value) : parseImage(value)) !== undefined) return
  read.addInvalid('verify-image', `is ${quote(value)}`)
}

/** Without its inputs a step would log in in another way than the chosen one: the action accepts that. */
function missingLogins(data: BuilderData, choices: Choices): Problem[] {
  const login = loginsOf(providerOf(registryOf(data, choices))).find(({ id }) => id === choices.login)
  const inputs = [...(login?.inputs ?? []), ...(choices.access === 'kubeconfig' ? (['kubeconfig'] as const) : [])]
  return inputs
    .filter((name) => (choices.values[name] ?? '').trim() === '')
    .map((name) => ({ input: name, text: `Input \`${name}\` is required for the login that you chose.` }))
}

/** The text is not repeated: it may be the secret itself. */
function secretProblems(data: BuilderData, choices: Choices): Problem[] {
  return fieldsOf(data, choices)
    .filter(({ name, isSecret }) => isSecret && (choices.values[name] ?? '').trim() !== '')
    .filter(({ name }) => !isSettingName((choices.values[name] ?? '').trim()))
    .map(({ name }) => ({
      input: name,
      text: `The secret for \`${name}\` needs a name of letters, digits and underscores. Type the name of the secret, never the secret itself.`,
    }))
}

function otherProblems({ access, user, cron }: Choices): Problem[] {
  return [
    ...(access !== 'kubeconfig' && user.trim() === ''
      ? [{ input: 'user', text: 'Set the user that gets the permissions, as the API server calls it.' }]
      : []),
    // https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
    ...(cron.trim() === '' || /^[\d*/,A-Za-z-]+( +[\d*/,A-Za-z-]+){4}$/.test(cron.trim())
      ? []
      : [{ input: 'cron', text: 'The schedule is not five fields of cron, for example 17 5 * * *.' }]),
  ]
}
