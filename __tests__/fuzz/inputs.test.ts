import fc from 'fast-check'
import { InputError } from '../../src/core/errors.ts'
import { parseSelector } from '../../src/inputs/label-selector.ts'
import { Reader } from '../../src/inputs/reader.ts'
import { readSecret } from '../../src/inputs/secret.ts'
import { expectSafe, expectSame, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedText, hostileText } from './hostile.ts'

/** The errors are those of these inputs, and each is one short line without a command for the runner once it is printed. */
function expectErrorsOf(read: Reader, names: readonly string[]): number {
  const errors = read.errors()
  for (const error of errors) {
    const { message } = error
    const isOfInput = error instanceof InputError && names.includes(error.input)
    expectThat(isOfInput && message.length <= 300, `a short error of ${names}`, message)
  }
  return errors.length
}

const digits = fc.oneof(fc.nat(10_000_000).map(String), fc.constantFrom('0', '00', '007', '', '1e3', '0x1', '٣', '1_0'))
const unit = fc.constantFrom('s', 'm', 'h', 'd', '', 'S', 'ms', 'w', ' s')
const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

fuzz('duration', 'is the number of milliseconds, or an input error', {
  cases: fc.oneof(
    fc.tuple(digits, unit).map((parts) => parts.join('')),
    editedText(['30d', '90s', '0']),
  ),
  check: (text) => {
    const read = new Reader({ 'INPUT_MAX-AGE': text })
    const durationMs = read.duration('max-age')
    const value = text.trim() || '30d'
    const seconds = UNIT_S[value.at(-1) ?? '']
    const amount = value.slice(0, -1)
    const isValid = amount.length > 0 && amount.length <= 6 && [...amount].every((one) => one >= '0' && one <= '9')
    const expected = value === '0' ? 0 : seconds !== undefined && isValid ? Number(amount) * seconds * 1000 : undefined
    expectSame([durationMs, expectErrorsOf(read, ['max-age'])], [expected ?? 0, expected === undefined ? 1 : 0])
  },
})

const separator = fc.constantFrom(',', '\n', ' , ', '\r\n', ',,', ' \n\n ')
const item = fc.oneof(
  fc.constantFrom('team-a', 'team-*', '!team-x', '*', 'registry.example.com:5000', 'us.icr.io', 'default'),
  hostileText,
)

const lists = fc.constantFrom(
  'namespaces' as const,
  'docker-server' as const,
  'service-accounts' as const,
  'contexts' as const,
)

fuzz('list', 'has trimmed items, each of its grammar or in an input error', {
  share: 0.5,
  cases: fc.tuple(lists, fc.array(fc.tuple(item, separator), { maxLength: 6 })),
  check: ([name, parts]) => {
    const read = new Reader({ [`INPUT_${name.toUpperCase()}`]: parts.flat().join('') })
    const items = read.list(name)
    for (const one of items) expectThat(one !== '' && one === one.trim() && !/[\n,]/.test(one), 'an item', one)
    // Reads what it has read in the same way.
    const again = new Reader({ [`INPUT_${name.toUpperCase()}`]: items.join('\n') })
    expectSame(again.list(name), items)
    expectSame(expectErrorsOf(read, [name]), expectErrorsOf(again, [name]))
  },
})

const key = fc.constantFrom(
  'team',
  'example.com/team',
  'app.kubernetes.io/managed-by',
  'registry-pull-secret/run',
  'a.b/c',
)

fuzz('list', 'of labels and annotations has own keys only, or is an input error', {
  share: 0.5,
  cases: fc
    .array(fc.tuple(fc.oneof(key, hostileText), fc.constantFrom('=', ' = ', '', '=='), hostileText), { maxLength: 4 })
    .map((lines) => lines.map((parts) => parts.join('')).join('\n')),
  check: (text) => {
    const read = new Reader({ 'INPUT_SECRET-NAME': 'pull', INPUT_LABELS: text, INPUT_ANNOTATIONS: text })
    const owner = { repository: 'a/b', provider: 'static', hosts: [] }
    const { labels = {}, annotations = {} } = readSecret(read, owner) ?? {}
    for (const [name, value] of [...Object.entries(labels), ...Object.entries(annotations)]) {
      const isAllowed = /^[\w./-]+$/.test(name) && !/^registry-pull-secret\/|managed-by$/.test(name)
      expectThat(isAllowed && typeof value === 'string', 'a key and a text', [name, value])
    }
    expectErrorsOf(read, ['labels', 'annotations'])
  },
})

function problemOfSelector(text: string): string | undefined {
  try {
    parseSelector(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

fuzz('label selector', 'has only the characters of a selector, or a problem in a few words', {
  cases: editedText(['team=a,tier!=test', 'tier in (prod,test)', '!gone', 'example.com/team=a', 'a notin (b)']),
  check: (text) => {
    const problem = problemOfSelector(text)
    if (problem !== undefined) return expectThat(problem !== '' && problem.length <= 300, 'a short problem', problem)
    const isValid = [...text].every((one) => /[A-Za-z0-9_./,=!()<>-]|\s/.test(one))
    expectThat(isValid, 'the characters of a selector', text)
    expectSafe(text.replace(/\s/g, ' '))
  },
})

const authority = fc.tuple(
  fc.constantFrom('https://', 'http://', 'HTTPS://', 'ftp://', 'https:', '//', 'https://u:p@', ''),
  fc.constantFrom(
    'a.example.com',
    'localhost',
    '127.0.0.1',
    '127.1',
    '[::1]',
    '0x7f.1',
    '127.0.0.1.nip.io',
    'LOCALHOST',
    '٠',
  ),
  fc.constantFrom('', ':5000', ':99999', ':', '/', '/path', '?q', '#f', '/v1/', '@evil.example.com'),
)

fuzz('host', 'an endpoint is an https URL or a loopback one, without a login, or is an input error', {
  cases: fc.oneof(
    authority.map((parts) => parts.join('')),
    editedText(['https://registry.example.com:5000/path/', 'http://127.0.0.1:8080', 'https://[fd00::1]:5000']),
  ),
  check: (text) => {
    const read = new Reader({ 'INPUT_REGISTRY-ENDPOINT': text })
    const endpoint = read.endpoint('registry-endpoint')
    if (expectErrorsOf(read, ['registry-endpoint']) > 0 || endpoint === undefined) return
    const url = new URL(endpoint)
    const isLocal = ['localhost', '[::1]'].includes(url.hostname) || /^127(\.\d{1,3}){3}$/.test(url.hostname)
    expectThat(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal), 'safe', endpoint)
    expectSame(url.username + url.password + url.search + url.hash, '')
  },
})
