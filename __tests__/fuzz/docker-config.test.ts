import fc from 'fast-check'
import { vi } from 'vitest'
import type { Cluster } from '../../src/kubernetes/client.ts'
import { describeSecret } from '../../src/pull-secret/read.ts'
import { dockerConfig } from '../../src/registry/docker-config.ts'
import { expectSafe, expectSame, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedJson, editedValue, hostileText, parsed } from './hostile.ts'

// A process masks a few secrets, and these are as many as there are cases.
vi.mock('../../src/runner/mask.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  mask: (secret: string) => secret,
  maskKept: () => {},
  publish: () => {},
  maskBasic: (user: string, password: string) => Buffer.from(`${user}:${password}`).toString('base64'),
  redact: (text: string) => text,
}))

const cluster = { name: 'lab' } as Cluster
const login = { username: 'token', password: 's3cr3t-value', auth: 'dG9rZW46czNjcjN0LXZhbHVl' }
const config = {
  auths: { 'us.icr.io': login, 'https://index.docker.io/v1/': { ...login, email: 'a@example.com' }, '10': {} },
  credHelpers: { 'ghcr.io': 'gh' },
  HttpHeaders: { 'User-Agent': 'x' },
}
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/dockerconfigjson',
  metadata: {
    name: 'pull',
    namespace: 'shop',
    resourceVersion: '7',
    labels: { 'app.kubernetes.io/managed-by': 'registry-pull-secret' },
    annotations: { 'registry-pull-secret/credentials': '[]', 'registry-pull-secret/pending': '[]' },
    managedFields: [{ manager: 'kubectl', operation: 'Apply' }],
    ownerReferences: [{ kind: 'ExternalSecret', name: 'pull', controller: true }],
  },
  data: { '.dockerconfigjson': 'e30=' },
}

const withConfig = (json: string) =>
  describeSecret({ ...secret, data: { '.dockerconfigjson': Buffer.from(json).toString('base64') } }, cluster)
const credential = { logins: [{ servers: ['registry.example.com'], username: 'u', password: 'p' }] }

fuzz('docker config', 'any stored one is read, and written again with its other hosts', {
  share: 0.6,
  cases: fc.oneof(
    { weight: 4, arbitrary: editedJson([config.auths, { '': login }]).map((auths) => `{"auths":${auths},"x":1}`) },
    { weight: 2, arbitrary: editedJson([config, { auths: null }]) },
  ),
  check: (json) => {
    const stored = withConfig(json)
    const written = dockerConfig(credential, stored.config)
    const again = withConfig(written)
    const hosts = [...new Set([...Object.keys(stored.entries), 'registry.example.com'])].sort()
    expectSame(Object.keys(again.entries).sort(), hosts)
    expectSame(again.entries['registry.example.com'], { username: 'u', password: 'p', auth: 'dTpw' })
    // What is written once is written again byte for byte.
    expectSame(dockerConfig(credential, again.config), written)
  },
})

const text = hostileText.map((one) => one.toWellFormed())
/** JSON.parse of Node 24 can read a key of one escaped character, which no host is, as a backslash. */
const server = text.filter((one) => !/^[<>&\u2028\u2029]$/.test(one))

fuzz('docker config', 'what is written is read as it was', {
  share: 0.4,
  cases: fc.record({
    servers: fc.uniqueArray(fc.oneof(fc.constantFrom('us.icr.io', '10', '9', 'https://index.docker.io/v1/'), server), {
      maxLength: 3,
    }),
    username: text,
    password: text,
    email: fc.option(text, { nil: undefined }),
  }),
  check: ({ email, ...rest }) => {
    const written = dockerConfig({ logins: [rest], email })
    expectThat(!/[<>&\u2028\u2029]/.test(written), 'escaped as Go does', written)
    const { entries } = withConfig(written)
    const auth = Buffer.from(`${rest.username}:${rest.password}`).toString('base64')
    for (const host of rest.servers)
      expectSame(Object.getOwnPropertyDescriptor(entries, host)?.value, {
        username: rest.username,
        password: rest.password,
        ...(email !== undefined && { email }),
        auth,
      })
    expectSame(Object.keys(entries).length, rest.servers.length)
  },
})

fuzz('Secret', 'any object of an API server is described by texts that are safe to print', {
  cases: editedValue([secret, { ...secret, metadata: {} }, { kind: 'Secret' }]),
  check: (value) => {
    const object = parsed(value)
    if (typeof object !== 'object' || object === null) return
    const stored = describeSecret(object as Record<string, unknown>, cluster)
    for (const shown of [stored.name, stored.where, ...stored.managers, stored.controller ?? '']) expectSafe(shown)
    for (const one of [stored.type, stored.resourceVersion]) expectThat(typeof one === 'string', 'a text', one)
    for (const one of [stored.labels, stored.annotations, stored.config, stored.entries])
      expectThat(typeof one === 'object' && one !== null, 'an object', one)
  },
})
