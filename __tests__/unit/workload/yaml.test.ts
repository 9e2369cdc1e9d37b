// YAML as kubectl reads it. Each expectation is what `kubectl label --local -o json` returned; where kubectl is found, it is
// asked again.
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { asObject } from '../../../src/core/json.ts'
import { parseYaml } from '../../../src/workload/yaml.ts'
import { requireBinary } from '../../support/binaries.ts'
import { describeReal } from '../../support/describe-real.ts'

/** Scalars and their JSON. */
const SCALARS: Readonly<Record<string, string>> = {
  // Octal: `defaultMode: 0400`.
  ...{ '0400': '256', '0644': '420', '010': '8', '00': '0', '-017': '-15', '+017': '15', '0_7': '7' },
  ...{ '0o17': '15', '0O17': '15', '0o8': '"0o8"', '08': '8', '09': '9', '0755.5': '755.5', '08e1': '80' },
  ...{ '0b101': '5', '0B101': '5', '-0b101': '-5', '0b2': '"0b2"', '0b': '"0b"' },
  ...{ '0x1F': '31', '0X1f': '31', '-0x1F': '-31', '+0x1F': '31', '0x_1F': '31', '0x': '"0x"', '0x1p4': '"0x1p4"' },
  ...{
    '1_000': '1000',
    '1__0': '10',
    '1_': '1',
    '+1_000': '1000',
    '1_000.5': '1000.5',
    '1_e1': '10',
    _1000: '"_1000"',
  },
  ...{ '+12': '12', '-12': '-12', '+0': '0', '-0': '0', '--1': '"--1"', '1,000': '"1,000"' },
  // Sexagesimal numbers and timestamps stay texts.
  ...{ '1:30': '"1:30"', '190:20:30': '"190:20:30"', '-1:30': '"-1:30"' },
  ...{ '2026-11-23': '"2026-11-23"', '2026-11-23T10:00:00Z': '"2026-11-23T10:00:00Z"', '2001-1-1': '"2001-1-1"' },
  ...{ '1e3': '1000', '1E3': '1000', '1e+3': '1000', '12e03': '12000', '1.5e-3': '0.0015', '1e': '"1e"', e3: '"e3"' },
  ...{ '.5_0': '0.5', '-.5_0': '-0.5', '._5': '"._5"' },
  // What 64 bits cannot hold is no integer.
  ...{ '0x10000000000000000': '"0x10000000000000000"', '0o2000000000000000000000': '"0o2000000000000000000000"' },
  ...{ '02000000000000000000000': '2e+21', '-0x8000000000000001': '"-0x8000000000000001"' },
  ...{ '1.': '1', '1.e3': '1000', '1.0': '1', '1.10': '1.1', '.5': '0.5', '-.5': '-0.5', '+.5': '0.5', '.': '"."' },
  ...{ '1.2.3': '"1.2.3"', '1e400': '"1e400"', '1e21': '1e+21', '100000000000000000000.0': '100000000000000000000' },
  ...{ inf: '"inf"', '+Inf': '"+Inf"', nan: '"nan"', Infinity: '"Infinity"' },
  ...{ yes: 'true', Yes: 'true', YES: 'true', y: 'true', Y: 'true', on: 'true', On: 'true', ON: 'true', yEs: '"yEs"' },
  ...{ no: 'false', No: 'false', NO: 'false', n: 'false', N: 'false', off: 'false', Off: 'false', OFF: 'false' },
  ...{ true: 'true', True: 'true', TRUE: 'true', tRUE: '"tRUE"', false: 'false', False: 'false', FALSE: 'false' },
  ...{ '~': 'null', null: 'null', Null: 'null', NULL: 'null', nULL: '"nULL"' },
  // All the digits of an int64.
  ...{ '9007199254740993': '9007199254740993', '-9223372036854775808': '-9223372036854775808' },
  ...{ '18446744073709551616': '18446744073709552000', '-9223372036854775809': '-9223372036854776000' },
  ...{ '"0400"': '"0400"', "'yes'": '"yes"', '"yes"': '"yes"', '""': '""', '"\\u00e9\\x41"': '"éA"' },
  ...{ '!!str 0400': '"0400"', '!!str yes': '"yes"', '!!str': '""', '! 0400': '"0400"' },
  ...{ '!!int "5"': '5', '!!int 0o17': '15', '!!float 5': '5', '!!float "1e3"': '1000', '!!bool "y"': 'true' },
  ...{ '!!null ""': 'null', '!!timestamp 2026-11-23': '"2026-11-23"', '!!binary aGVsbG8=': '"hello"' },
  ...{ '<<': '"<<"', '=': '"="', '[1, yes]': '[1,true]', '{a: 010}': '{"a":8}', '{"a":1}': '{"a":1}' },
}

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n'
const BASES = 'b: &b {a: 1, c: 3}\ne: &e {a: 2, f: 4}\n'
/** Documents and the JSON of their field `d`. */
const DOCUMENTS: readonly (readonly [title: string, text: string, json: string])[] = [
  ['a merge before the key that it has', `${HEAD}${BASES}d: {<<: *b, a: 2}\n`, '{"a":2,"c":3}'],
  ['a merge after the key that it has', `${HEAD}${BASES}d: {a: 2, <<: *b}\n`, '{"a":1,"c":3}'],
  ['a merge of a list', `${HEAD}${BASES}d: {<<: [*b, *e]}\n`, '{"a":1,"f":4,"c":3}'],
  ['two merges', `${HEAD}${BASES}d:\n  <<: *b\n  <<: *e\n`, '{"a":2,"c":3,"f":4}'],
  ['a quoted merge key', `${HEAD}${BASES}d: {"<<": *b}\n`, '{"<<":{"a":1,"c":3}}'],
  ['duplicate keys', `${HEAD}d: {a: 1, a: 2}\n`, '{"a":2}'],
  ['keys that are equal as texts', `${HEAD}d: {yes: 1, on: 2}\n`, '{"true":2}'],
  [
    'keys that are numbers',
    `${HEAD}d: {0400: 1, 1.5: 2, 1e3: 3, 2026-11-23: 4}\n`,
    '{"256":1,"1.5":2,"1000":3,"2026-11-23":4}',
  ],
  ['Windows lines', `${HEAD}d: |\n  a\n  b\n`.replaceAll('\n', '\r\n'), '"a\\nb\\n"'],
  ['a byte order mark', `\uFEFF${HEAD}d: 0400\n`, '256'],
  ['tabs between tokens', `${HEAD}d:\t1\t# one\n`, '1'],
  ['an end marker', `${HEAD}d: 1\n...\n`, '1'],
  ['a comment after the marker', `--- # one\n${HEAD}d: 1\n`, '1'],
  ['no value', `${HEAD}d:\n`, 'null'],
  ['JSON', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"d":0.10}', '0.1'],
  ['JSON with duplicate keys', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"d":1,"d":2}', '2'],
  ['texts of several lines', `${HEAD}d: [a\n  b, "c\n  d", 'e']\n`, '["a b","c d","e"]'],
  ['an explicit key', `${HEAD}? d\n: 1\n`, '1'],
  ['a list without indentation', `${HEAD}d:\n- 010\n- b\n`, '[8,"b"]'],
  [
    'a number with more digits than JavaScript keeps as a key',
    `${HEAD}d: {9007199254740993: 1}\n`,
    '{"9007199254740993":1}',
  ],
  ['a closing bracket below its key', `${HEAD}d:\n  e: [\n    a,\n    b\n  ]\n  f: {\n  }\n`, '{"e":["a","b"],"f":{}}'],
  ['flow without indentation', `${HEAD}d: {\n"a": [1,\n2],\n# c\n\n"b": {\n}\n}\ne: 3\n`, '{"a":[1,2],"b":{}}'],
  [
    'tabs in flow',
    `${HEAD}d:\n  e: {a: 1,\tb: 2}\n  f:\t[1,\t"x\ty",\t\t{c:\t3}]\n`,
    '{"e":{"a":1,"b":2},"f":[1,"x\\ty",{"c":3}]}',
  ],
  ['flow that is indented by tabs', `${HEAD}d: {\n\t"a": 1\n}\n`, '{"a":1}'],
  ['flow without indentation on Windows lines', `${HEAD}d: [\r\na\r\n]\r\n`, '["a"]'],
  ['quoted texts without indentation', `${HEAD}d:\n  - "a\n  b"\n  - 'c\n\nd'\n  - "e\\\nf"\n`, '["a b","c\\nd","ef"]'],
  ['colons in flow', `${HEAD}d: {a:1, b: http://x.y:80/z}\n`, '{"a:1":null,"b":"http://x.y:80/z"}'],
]

/** Values that kubectl refuses, and the reason that the action gives. */
const REFUSED: readonly (readonly [value: string, reason: string])[] = [
  ...['.inf', '-.inf', '+.INF', '.nan', '.NaN'].map((value) => [value, `JSON has no number ${value}`] as const),
  ['!!int x', 'a value does not match its tag !!int'],
  ['!!binary "not base64!"', 'a value does not match its tag !!binary'],
  ['*a', 'alias *a has no anchor before it'],
  ['&a [*a]', 'alias *a has no anchor before it'],
  ['{<<: 1}', '<< must be followed by a mapping or a list of mappings'],
  ['{~: 1}', 'a key must be a text, a number or a boolean'],
  ['{[a]: 1}', 'a key must be a text, a number or a boolean'],
  ['{{ .Values.x }}', 'it contains a template that was not rendered'],
  ['a: b', 'bad indentation of a mapping entry'],
  ['@x', 'bad indentation of a mapping entry'],
]

const withValue = (value: string) => `${HEAD}d: ${value}\n`
const jsonOf = (text: string) => JSON.stringify(asObject(parseYaml(text)[0]?.value).d)

describe('YAML', () => {
  it.each(Object.entries(SCALARS))('with %s is %s', (scalar, json) => {
    expect(jsonOf(withValue(scalar))).toBe(json)
  })

  it.each(DOCUMENTS)('with %s', (_, text, json) => {
    expect(jsonOf(text)).toBe(JSON.stringify(JSON.parse(json)))
  })

  it.each(REFUSED)('with %s is refused', (value, reason) => {
    expect(() => parseYaml(withValue(value))).toThrow(reason)
  })

  it('names the line that it cannot read, and not the end, where a bracket is not closed', () => {
    expect(() => parseYaml(`${HEAD}d: [a\ne: 1\n`)).toThrow(expect.objectContaining({ line: 6 }))
  })

  it('counts lines as the text has them, although spaces are added', () => {
    const [{ texts = [] } = {}] = parseYaml(`${HEAD}d: [\na\n]\ne: x\n`)
    expect(texts.findLast(({ text }) => text === 'x')).toMatchObject({ line: 8 })
  })

  it('is refused where an unknown tag could mean another value', () => {
    expect(() => parseYaml(withValue('!secret x'))).toThrow('the tag !secret is unknown')
    expect(() => parseYaml(withValue('!!set {a, b}'))).toThrow('the tag !!set is unknown')
  })

  it('cannot change the prototype of an object', () => {
    const [{ value } = {}] = parseYaml('__proto__: {a: 1}\n')
    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect((value as { a?: unknown }).a).toBeUndefined()
  })

  it('cannot copy keys without limit', () => {
    const base = `b: &b {${Array.from({ length: 1000 }, (_, index) => `k${index}: 1`).join(', ')}}\n`
    expect(() => parseYaml(`${base}d:\n${'- <<: *b\n'.repeat(1000)}`)).toThrow('its merge keys copy too many keys')
  })
})

describeReal(['kubectl'], 'kubectl', () => {
  const read = (text: string) => {
    const args = ['label', '--local', '--output=json', '--filename=-', 'a=b']
    const env = { ...process.env, KUBECONFIG: '/dev/null' }
    return execFileSync(requireBinary('kubectl'), args, { input: text, env, stdio: 'pipe' }).toString()
  }
  const withoutSpaces = (json: string) =>
    json.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? JSON.stringify(JSON.parse(part)) : ''))

  it('reads the same scalars', () => {
    const text = `${HEAD}d:\n${Object.keys(SCALARS)
      .map((scalar) => `- ${scalar}\n`)
      .join('')}`
    expect(withoutSpaces(read(text))).toContain(`"d":[${Object.values(SCALARS).join(',')}]`)
  })

  it.each(DOCUMENTS)('reads the same document with %s', (_, text, json) => {
    expect(JSON.parse(read(text)).d).toEqual(JSON.parse(json))
  })

  it.each(REFUSED)('refuses %s', (value) => {
    expect(() => read(withValue(value))).toThrow()
  })
})
