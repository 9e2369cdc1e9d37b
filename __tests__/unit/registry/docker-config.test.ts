import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { dockerConfig, type HostLogin, maskEntries } from '../../../src/registry/docker-config.ts'
import { requireBinary } from '../../support/binaries.ts'
import { describeReal } from '../../support/describe-real.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

/** One login for all hosts. */
interface Credential extends HostLogin {
  readonly email?: string | undefined
}

const token = { username: 'token', password: 'aaa.bbb.ccc' }
const configOf = ({ email, ...login }: Credential, stored?: Readonly<Record<string, unknown>>) =>
  dockerConfig({ logins: [login], email }, stored)
const auth = 'dG9rZW46YWFhLmJiYi5jY2M='
const entry = `{"username":"token","password":"aaa.bbb.ccc","auth":"${auth}"}`

describe('the docker config', () => {
  it.each<[string, Credential, string]>([
    [
      'with an email address',
      { ...token, servers: ['registry.example.dedicated.bluemix.net'], email: 'a@b.c' },
      `{"auths":{"registry.example.dedicated.bluemix.net":{"username":"token","password":"aaa.bbb.ccc","email":"a@b.c","auth":"${auth}"}}}`,
    ],
    [
      'without an email address',
      { ...token, servers: ['registry.example.com'] },
      `{"auths":{"registry.example.com":${entry}}}`,
    ],
    [
      'for an API key',
      { servers: ['us.icr.io'], username: 'iamapikey', password: 'K_e-y0', email: 'iamapikey' },
      '{"auths":{"us.icr.io":{"username":"iamapikey","password":"K_e-y0","email":"iamapikey","auth":"aWFtYXBpa2V5OktfZS15MA=="}}}',
    ],
    [
      'with the server as the user wrote it',
      { ...token, servers: ['https://index.docker.io/v1/'] },
      `{"auths":{"https://index.docker.io/v1/":${entry}}}`,
    ],
  ])('has the expected bytes %s', (_, credential, expected) => {
    expect(configOf(credential)).toBe(expected)
  })

  it('sorts hosts by their bytes, including numbers and characters beyond the Basic Multilingual Plane', () => {
    // In UTF-16 order, which JavaScript uses, the emoji would precede the private-use character.
    const sorted = ['10', '9', 'B.example.com', 'a.example.com', 'a.example.com:5000', 'é', '\uE000', '\u{1F600}']
    const auths = sorted.map((host) => `"${host}":${entry}`).join(',')
    expect(configOf({ ...token, servers: sorted.toReversed() })).toBe(`{"auths":{${auths}}}`)
  })

  it('contains a duplicate host once', () => {
    expect(configOf({ ...token, servers: ['a', 'a'] })).toBe(`{"auths":{"a":${entry}}}`)
  })

  it('keeps the entries of other hosts unchanged, and replaces its own', () => {
    const others = {
      'z.example.com': { auth: 'dTpw', extra: { deep: ['<1>'] } },
      'a.example.com': { identitytoken: 'x' },
      'b.example.com': null,
      'own.example.com': { username: 'old', password: 'old', email: 'old' },
    }
    const config = configOf({ ...token, servers: ['own.example.com'] }, { auths: others })
    const own = { username: 'token', password: 'aaa.bbb.ccc', auth }
    expect(JSON.parse(config)).toEqual({ auths: { ...others, 'own.example.com': own } })
    expect(config).toContain('"z.example.com":{"auth":"dTpw","extra":{"deep":["\\u003c1\\u003e"]}}')
    expect(Object.keys(JSON.parse(config).auths)).toEqual(Object.keys(others).sort())
  })

  it('keeps other keys than `auths` unchanged', () => {
    const stored = { credHelpers: { 'gcr.io': 'gcloud' }, auths: { 'z.example.com': {} }, HttpHeaders: { a: '<b>' } }
    expect(configOf({ ...token, servers: ['a'] }, stored)).toBe(
      `{"auths":{"a":${entry},"z.example.com":{}},"credHelpers":{"gcr.io":"gcloud"},"HttpHeaders":{"a":"\\u003cb\\u003e"}}`,
    )
  })

  it('is masked, with all its parts and its base64', () => {
    using captured = captureLog()
    const config = configOf({ ...token, servers: ['a'], password: 'masked "here"' })
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    expect(captured.log.masks).toEqual(
      expect.arrayContaining(['masked "here"', base64('token:masked "here"'), config, base64(config)]),
    )
    expect(captured.log.masks).not.toContain('token')
  })
})

describe('a stored docker config', () => {
  const basic = (login: string) => Buffer.from(login).toString('base64')

  it.each<[string, object, readonly string[]]>([
    [
      'password and `auth`',
      { username: 'jo', password: 'kept-1-password', auth: basic('jo:kept-1-password') },
      ['kept-1-password', basic('jo:kept-1-password')],
    ],
    [
      'the password in `auth`, as `docker login` stores it',
      { auth: basic('jo:kept-2-pass:word') },
      ['kept-2-pass:word', basic('jo:kept-2-pass:word')],
    ],
    [
      'tokens',
      { identitytoken: 'kept-3-identity', registrytoken: 'kept-3-registry' },
      ['kept-3-identity', 'kept-3-registry'],
    ],
    ['a JWT as user name', { username: 'eyJrZXB0.eyJhIjoxfQ.c2ln', password: 'none' }, ['eyJrZXB0.eyJhIjoxfQ.c2ln']],
  ])('has masked secrets: %s', (_, entry, secrets) => {
    using captured = captureLog()
    maskEntries({ 'kept.example.com': entry })
    expect(captured.log.masks).toEqual(expect.arrayContaining([...secrets]))
  })

  it.each([
    ['a short password', { username: 'jo', password: 'e\na\no' }],
    ['a password that is its host', { password: 'other.example.com' }],
    ['a password that is its user name', { username: 'robot$puller', password: 'robot$puller' }],
    ['an id', { password: 'an-id-of-a-token' }],
    ['what is not text', { password: 12_345_678, auth: {}, identitytoken: null }],
  ])('has nothing else masked: %s', (_, entry) => {
    using captured = captureLog()
    maskEntries({ 'kept.example.com': entry, 'other.example.com': null }, ['an-id-of-a-token'])
    expect(captured.log.masks).toEqual([])
  })

  it('with hosts of others costs no further lines of the log', () => {
    configOf({ ...token, servers: ['a'] })
    using captured = captureLog()
    configOf({ ...token, servers: ['a'] }, { auths: { 'kept.example.com': { auth: 'x' } } })
    expect(captured.lines).toEqual([])
  })
})

describeReal(['kubectl'], 'kubectl create secret docker-registry writes the same bytes for', () => {
  // Without \b and \f: kubectl before 1.30 writes them as \u0008 and \u000c, later versions as JSON.stringify does.
  const controls = String.fromCharCode(...Array.from({ length: 31 }, (_, at) => at + 1)).replace(/[\b\f]/g, '')

  it.each<[string, Partial<Credential>]>([
    ['a plain password', {}],
    ['an email address', { email: 'a@b.c' }],
    ['HTML characters', { password: '<script>&amp;</script>', username: 'a&b', email: '<a@b.c>' }],
    ['line and paragraph separators', { password: 'a\u2028b\u2029c' }],
    ['quotes and backslashes', { password: `"\\"'\`\\u003c\\\\/` }],
    ['colons', { password: 'a:b::c' }],
    ['letters of several scripts', { password: 'Grüße, 世界, Ω≈ç√', username: 'jürgen' }],
    ['emoji', { password: '\u{1F511}\u{1F469}\u200D\u{1F4BB}' }],
    ['surrounding whitespace', { password: ' \t a \n ' }],
    ['control characters', { password: `a${controls}\u007f\u0080\u009f\ufeffb` }],
    ['a long password', { password: `${'x<é\u{1F600}'.repeat(8_000)}y` }],
    ['a URL as server', { servers: ['https://index.docker.io/v1/'] }],
    ['a server with special characters', { servers: ['a&b<c>"\\é.example.com:5000'] }],
  ])('%s', async (_, changes) => {
    const credential = { ...token, servers: ['registry.example.com'], ...changes }
    expect(configOf(credential)).toBe(await kubectl(credential))
  })

  it('several hosts, each as in a config of its own', async () => {
    const servers = ['b.example.com', 'a.example.com:5000', 'A.example.com']
    const configs = await Promise.all(servers.map((server) => kubectl({ ...token, servers: [server] })))
    const entries = configs.map((config) => config.replace(/^\{"auths":\{|\}\}$/g, '')).sort()
    expect(configOf({ ...token, servers })).toBe(`{"auths":{${entries.join(',')}}}`)
  })
})

async function kubectl({ servers, username, password, email }: Credential): Promise<string> {
  const { stdout } = await promisify(execFile)(
    requireBinary('kubectl'),
    [
      ...['create', 'secret', 'docker-registry', 'pull', '--dry-run=client', '-o=json'],
      ...[`--docker-server=${servers[0]}`, `--docker-username=${username}`, `--docker-password=${password}`],
      ...(email === undefined ? [] : [`--docker-email=${email}`]),
    ],
    { env: { KUBECONFIG: '/dev/null' } },
  )
  return Buffer.from(JSON.parse(stdout).data['.dockerconfigjson'], 'base64').toString()
}
