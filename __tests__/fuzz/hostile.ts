// What hostile inputs are made of: valid samples with small changes, and atoms that parsers are known to fail at.
import fc, { type Arbitrary } from 'fast-check'

/** What a short list of texts cannot hold without making each case slow: deep JSON is inserted as text, for this marker. */
const DEEP = '@deep@'
const DEEP_JSON = `${'[{"a":'.repeat(5000)}1${'}]'.repeat(5000)}`

const SHORT = [
  '',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\0',
  '\x07',
  '\x1b[31m',
  '\x7f',
  '\x9b',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\ud800',
  '\udfff',
  '\u{1f511}',
  'é',
  'K',
  '::error::x',
  '::add-mask::x',
  '\n::stop-commands::x\n',
  '##[error]x',
  '%0A::warning::x',
  ':',
  '::',
  '##',
  '[',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  '0',
  '-1',
  '1e999',
  '9007199254740993',
  '9'.repeat(30),
  '*',
  '**',
  '*a*',
  '!',
  '=',
  ',',
  ';',
  '"',
  "'",
  '\\',
  '\\"',
  '/',
  '//',
  '@',
  '.',
  '..',
  '%00',
  '%',
  '<',
  '<!--',
  '</details>',
  '|',
  '`',
  '```',
  '$',
  '[x](javascript:y)',
  '@user',
  '&amp;',
  '&a',
  '*a',
  '<<: *a',
  '!!js/function x',
  '---\n',
  '- ',
  ': ',
  '{',
  '}',
  ']',
  '?',
  '#',
  'https://u:p@h/',
  'docker.io',
  'index.docker.io',
  'localhost',
  '[::1]',
  '127.0.0.1',
] as const

const LONG = [
  '*'.repeat(60),
  '*a'.repeat(30),
  'a'.repeat(300),
  'a'.repeat(20_000),
  ' '.repeat(2000),
  '-'.repeat(500),
  '.'.repeat(500),
  '<'.repeat(2000),
  '`'.repeat(500),
  '"'.repeat(500),
  '\\'.repeat(501),
  '['.repeat(3000),
  '{"a":'.repeat(3000),
  '=,'.repeat(500),
  'a=b '.repeat(500),
  '::error::'.repeat(300),
  '\u{1f511}'.repeat(1500),
  '\n'.repeat(500),
  '/'.repeat(500),
]

const short = fc.constantFrom(...SHORT)
const random = fc.string({ unit: 'binary', maxLength: 8 })

/** A text that a server, a tenant or a workflow could set. */
export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 20, arbitrary: short },
  { weight: 8, arbitrary: fc.array(short, { maxLength: 6 }).map((atoms) => atoms.join('')) },
  { weight: 4, arbitrary: random },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
)

const scalar = fc.oneof(
  { weight: 20, arbitrary: hostileText },
  {
    weight: 15,
    arbitrary: fc.constantFrom(null, true, false, 0, -1, 0.5, 1e21, 1.7e308, 2 ** 53, [], {}, [[]], [null]),
  },
  { weight: 1, arbitrary: fc.constant(DEEP) },
  {
    weight: 4,
    arbitrary: fc.constantFrom({ toString: 1, valueOf: 1 }, { length: -1 }, { '0': 'x' }, ['::error::x'], [0]),
  },
)

/** A value of any JSON type. */
export const hostileValue: Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.tuple(hostileText, scalar).map(([key, value]) => withOwn({}, key, value)) },
)

const position = fc.nat(0xffff)
const textEdit = fc.tuple(fc.nat(5), position, position, hostileText)

/** One of the samples after up to four edits: inserted, deleted, replaced, doubled or cut text. */
export function editedText(samples: readonly string[]): Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(textEdit, { maxLength: 4 }))
    .map(([sample, edits]) => edits.reduce(editText, sample))
}

function editText(text: string, [kind, from, length, atom]: readonly [number, number, number, string]): string {
  const start = from % (text.length + 1)
  const end = start + (length % 12)
  switch (kind) {
    case 0:
    case 1:
      return text.slice(0, start) + atom + text.slice(start)
    case 2:
      return text.slice(0, start) + text.slice(end)
    case 3:
      return text.slice(0, start) + atom + text.slice(end)
    case 4:
      return text.slice(0, end) + text.slice(start)
    default:
      return text.slice(0, start)
  }
}

const valueEdit = fc.tuple(fc.nat(4), position, hostileValue, hostileText)

/** One of the samples after up to three edits: values and keys of another type, missing, or added. */
export function editedValue(samples: readonly unknown[]): Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(valueEdit, { maxLength: 3 }))
    .map(([sample, edits]) => edits.reduce(editValue, sample))
}

function editValue(value: unknown, edit: readonly [number, number, unknown, string]): unknown {
  const [kind, path, atom, key] = edit
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  const chosen = keys[path % Math.max(1, keys.length)]
  // Replaces the whole value in few cases.
  if (chosen === undefined || path % 31 === 0) return atom
  const copy: object = Array.isArray(value) ? [...value] : { ...(value as object) }
  const old: unknown = Reflect.get(copy, chosen)
  const isDeep = typeof old === 'object' && old !== null && Object.keys(old).length > 0 && path % 7 > 0
  if (isDeep) return withOwn(copy, chosen, editValue(old, [kind, path >> 3, atom, key]))
  if (kind === 0) return withOwn(copy, key, atom)
  if (kind === 1 && Array.isArray(copy)) copy.splice(Number(chosen), 1)
  else if (kind === 1) Reflect.deleteProperty(copy, chosen)
  else withOwn(copy, chosen, atom)
  return copy
}

/** Also for `__proto__`, as JSON.parse creates it. */
function withOwn(object: object, key: string, value: unknown): object {
  return Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}

/** The JSON of an edited sample, in a part of the cases edited once more as text. */
export function editedJson(samples: readonly unknown[]): Arbitrary<string> {
  const noEdits: [number, number, number, string][] = []
  const edits = fc.oneof(
    { weight: 3, arbitrary: fc.constant(noEdits) },
    { weight: 1, arbitrary: fc.array(textEdit, { minLength: 1, maxLength: 2 }) },
  )
  return fc.tuple(editedValue(samples), edits).map(([value, some]) => some.reduce(editText, toJson(value)))
}

/** As a server could write it: with values that nest deeply. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(`"${DEEP}"`, DEEP_JSON)
}

/** A value as it is parsed from JSON. */
export function parsed(value: unknown): unknown {
  const json = JSON.stringify(value)
  return json.includes(DEEP) ? JSON.parse(json.replaceAll(`"${DEEP}"`, DEEP_JSON)) : value
}
