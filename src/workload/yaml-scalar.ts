/** A scalar of a YAML document, and whether it stands without quotes. */
export interface Scalar {
  readonly text: string
  /** As it is written: `!!str`; empty when there is none. */
  readonly tag: string
  readonly isPlain: boolean
}

/** The tags that YAML 1.1 defines for scalars, by their short form. */
const RESOLVERS: Readonly<Record<string, (text: string) => unknown>> = {
  '': (text) => resolvePlain(text),
  '!': (text) => text,
  '!!str': (text) => text,
  // sigs.k8s.io/yaml converts a timestamp to the text that stands in the document.
  '!!timestamp': (text) => text,
  '!!binary': (text) => decodeBase64(text),
  '!!null': (text) => (NULLS.has(text) ? null : undefined),
  '!!bool': (text) => BOOLEANS.get(text),
  '!!int': (text) => resolveInteger(text.replaceAll('_', '')),
  '!!float': (text) => resolveNumber(text),
}

/**
 * The JSON value of a scalar as kubectl reads it: YAML 1.1 without sexagesimal numbers and timestamps, and with the octal
 * numbers of both versions: https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go.
 * @throws Error when the tag is unknown or does not fit, or when JSON cannot hold the value
 */
export function resolveScalar({ text, tag, isPlain }: Scalar): unknown {
  const name = tag.replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1')
  const resolver = tag === '' && !isPlain ? String : Object.hasOwn(RESOLVERS, name) ? RESOLVERS[name] : undefined
  if (resolver === undefined) throw new Error(`the tag ${tag} is unknown`)
  const value = resolver(text)
  // Without the text, which can be a value of a Secret.
  if (value === undefined) throw new Error(`a value does not match its tag ${tag}`)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`JSON has no number ${text}`)
  return value
}

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL'])
const BOOLEANS = new Map([
  ...inCases('y', 'yes', 'true', 'on').map((text) => [text, true] as const),
  ...inCases('n', 'no', 'false', 'off').map((text) => [text, false] as const),
])
const SPECIAL_NUMBERS = new Map([
  ...inCases('.nan', '.NaN').map((text) => [text, Number.NaN] as const),
  ...inCases('.inf', '.Inf').flatMap((text) => [
    [text, Number.POSITIVE_INFINITY] as const,
    [`+${text}`, Number.POSITIVE_INFINITY] as const,
    [`-${text}`, Number.NEGATIVE_INFINITY] as const,
  ]),
])

/** Each as `yes`, `Yes` and `YES`. */
function inCases(...words: string[]): string[] {
  return words.flatMap((word) => [word, `${word[0]?.toUpperCase()}${word.slice(1)}`, word.toUpperCase()])
}

function resolvePlain(text: string): unknown {
  if (NULLS.has(text)) return null
  return BOOLEANS.get(text) ?? resolveNumber(text) ?? text
}

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/

function resolveNumber(text: string): unknown {
  const special = SPECIAL_NUMBERS.get(text)
  if (special !== undefined) return special
  // Only what starts like a number may contain underscores; after a point, between two digits.
  const plain = /^[-+0-9]|^\.\d+(?:_\d+)+$/.test(text) ? text.replaceAll('_', '') : text
  const integer = resolveInteger(plain)
  if (integer !== undefined) return integer
  const float = FLOAT.test(plain) ? Number(plain) : undefined
  // strconv.ParseFloat refuses what a float64 cannot hold, so it stays a text.
  return float !== undefined && Number.isFinite(float) ? float : undefined
}

const INTEGER = /^([-+]?)(0[bB][01]+|0[oO][0-7]+|0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/
const [MIN_INT64, MAX_INT64, MAX_UINT64] = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n]

function resolveInteger(plain: string): unknown {
  const [, sign, digits] = INTEGER.exec(plain) ?? []
  if (digits === undefined) return undefined
  const amount = BigInt(digits.replace(/^0(?=[0-7])/, '0o'))
  const integer = sign === '-' ? -amount : amount
  const number = Number(integer)
  if (Number.isSafeInteger(number)) return number
  // What 64 bits cannot hold is no integer: a decimal one becomes a float, and others stay texts.
  if (integer < MIN_INT64 || integer > MAX_UINT64) return undefined
  return integer > MAX_INT64 ? number : rawJson(String(integer))
}

/** A number that JSON.stringify writes with all its digits: https://github.com/tc39/proposal-json-parse-with-source. */
function rawJson(digits: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits)
}

function decodeBase64(text: string): string | undefined {
  const compact = text.replace(/\s/g, '')
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)
    ? Buffer.from(compact, 'base64').toString()
    : undefined
}
