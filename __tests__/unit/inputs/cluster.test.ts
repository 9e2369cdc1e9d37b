import { X509Certificate } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { redact } from '../../../src/runner/mask.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import {
  certificate,
  config,
  entry,
  errorsOf,
  file,
  folder,
  type Provided,
  read,
  required,
  SECRET,
  withSecret,
  withServer,
} from './fixture.ts'

const jobWithTokens = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token/?a=b',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-token',
}
const both = ['https://prod.example.com', 'https://test.example.com']

async function targetsOf(provided: Provided, environment?: NodeJS.ProcessEnv) {
  const { targets } = await read({ ...required, 'secret-name': 'pull', ...provided }, environment)
  return { contexts: targets?.contexts, servers: targets?.config.clusters.map(({ server }) => server) }
}

describe('kubeconfig', () => {
  it('is YAML, JSON, or a path', async () => {
    const expected = { contexts: ['prod'], servers: both }
    expect(await targetsOf({ kubeconfig: config })).toEqual(expected)
    expect(await targetsOf({ kubeconfig: JSON.stringify(load(config)) })).toEqual(expected)
    expect(await targetsOf({ kubeconfig: file('provided.yaml', config) })).toEqual(expected)
  })

  it('has a default in the places where kubectl looks', async () => {
    mkdirSync(join(folder.path, 'home', '.kube'), { recursive: true })
    file('home/.kube/config', config)
    const HOME = join(folder.path, 'home')
    expect((await targetsOf({}, { HOME })).contexts).toEqual(['prod'])
    const KUBECONFIG = file('other.yaml', config.replace('current-context: prod', 'current-context: test'))
    expect((await targetsOf({}, { HOME, KUBECONFIG })).contexts).toEqual(['test'])
    expect((await targetsOf({ kubeconfig: config }, { HOME, KUBECONFIG })).contexts).toEqual(['prod'])
  })

  it('is a path of the home folder, which no shell expands', async () => {
    mkdirSync(join(folder.path, 'home', '.kube'), { recursive: true })
    file('home/.kube/config', config)
    const HOME = join(folder.path, 'home')
    expect((await targetsOf({ kubeconfig: '~/.kube/config' }, { HOME })).contexts).toEqual(['prod'])
    expect((await targetsOf({}, { HOME, KUBECONFIG: '~/.kube/config' })).contexts).toEqual(['prod'])
  })

  it('can have an empty file beside it in KUBECONFIG, as with kubectl', async () => {
    const KUBECONFIG = [file('empty.yaml', ''), file('full.yaml', config)].join(delimiter)
    expect((await targetsOf({}, { KUBECONFIG })).contexts).toEqual(['prod'])
  })

  it('that was found and is useless is named with its place', async () => {
    const KUBECONFIG = file('useless.yaml', config.replace('current-context: prod', 'current-context: gone'))
    expect(await errorsOf({ ...required, 'secret-name': 'pull' }, { KUBECONFIG })).toEqual([
      `Input \`kubeconfig\` is empty, and the one in KUBECONFIG (${KUBECONFIG}) has the current context "gone", which it does not contain. Contexts in the kubeconfig: prod, test.`,
    ])
  })

  it('has no default when KUBECONFIG names a file that does not exist', async () => {
    mkdirSync(join(folder.path, 'home', '.kube'), { recursive: true })
    file('home/.kube/config', config)
    const environment = { HOME: join(folder.path, 'home'), KUBECONFIG: '/nowhere/config' }
    expect(await errorsOf({ ...required, 'secret-name': 'pull' }, environment)).toEqual([
      'Input `kubeconfig` is not set, and KUBECONFIG names "/nowhere/config", which does not exist.',
    ])
  })

  it('merges the files of KUBECONFIG, and the first file wins', async () => {
    const first = kubeconfig([{ ...entry('prod'), server: 'https://first.example.com', user: { token: 'first' } }])
    const paths = [
      '/nowhere/config',
      file('first.yaml', first.replace(/^current-context.*$/m, '')),
      file('second.yaml', config.replace('current-context: prod', 'current-context: test')),
    ]
    const { targets } = await read({ ...required, 'secret-name': 'pull' }, { KUBECONFIG: paths.join(delimiter) })
    expect(targets?.contexts).toEqual(['test'])
    expect(targets?.config.clusters.map(({ server }) => server)).toEqual(['https://first.example.com', both[1]])
    expect(targets?.config.users.map(({ token }) => token)).toEqual(['first', `${SECRET}-test`])
  })

  it('is not read when the run does nothing in a cluster', async () => {
    expect((await read({ ...required, kubeconfig: '/nowhere/config' })).targets).toBeUndefined()
  })
})

describe('base64', () => {
  const wrapped = (text: string) => (btoa(text).match(/.{1,76}/g) ?? []).join('\n')
  const base64 = btoa(config)

  it.each([
    ['on one line', base64],
    ['wrapped', wrapped(config)],
    ['wrapped by Windows', wrapped(config).replaceAll('\n', '\r\n')],
    ['in quotes', `"${base64}"`],
    ['encoded twice', btoa(`${wrapped(config)}\n`)],
    ['from UTF-16, as Windows PowerShell encodes it', Buffer.from(config, 'utf16le').toString('base64')],
    ['with a byte order mark', Buffer.from(`\ufeff${config}`, 'utf16le').toString('base64')],
    ['for URLs, without padding', Buffer.from(config).toString('base64url')],
  ])('of a kubeconfig is read %s, and masked as its secrets are', async (_, kubeconfig) => {
    expect((await targetsOf({ kubeconfig, contexts: '*' })).contexts).toEqual(['prod', 'test'])
    expect(redact(base64)).toBe('***')
    expect(redact(kubeconfig)).not.toContain(kubeconfig.slice(1, 76))
    expect(redact(`${SECRET}-prod`)).toBe('***')
  })

  it.each([
    ['base64', base64],
    ['UTF-16', Buffer.from(`\ufeff${config}`, 'utf16le')],
    ['several documents, of which the first one counts', `${config}---\ncontexts: []\n`],
    ['a key twice, of which the last one counts', `current-context: test\n${config}`],
  ])('is what a file of a kubeconfig has: %s', async (name, content) => {
    const path = join(folder.path, `${name}.conf`)
    writeFileSync(path, content)
    expect((await targetsOf({ kubeconfig: path })).contexts).toEqual(['prod'])
  })

  it.each([
    ['encoded twice', btoa(btoa(certificate))],
    ['on one line', certificate.replaceAll('\n', ' ')],
    ['with `\\n` for line breaks, in quotes', `"${certificate.trim().replaceAll('\n', '\\n')}"`],
    ['indented', certificate.replaceAll('\n', '\n    ')],
  ])('of certificates, or PEM %s, is read', async (_, pem) => {
    const { certificates = '' } = await read({ ...required, 'ca-certificates': pem })
    expect(new X509Certificate(certificates).raw).toEqual(new X509Certificate(certificate).raw)
  })

  it('of certificates and of a token is read as well', async () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqbyJ9.c2lnbmF0dXJl'
    const provided = {
      'kube-server': 'https://k.example.com',
      'kube-token': btoa(jwt),
      'kube-ca': wrapped(certificate),
    }
    const { targets } = await read({ ...required, 'secret-name': 'pull', ...provided })
    expect(targets?.config.getCurrentUser()?.token).toBe(jwt)
    expect(targets?.config.getCurrentCluster()?.caData).toBe(btoa(certificate.trim()))
    expect(redact(jwt)).toBe('***')
    expect(redact(btoa(jwt))).toBe('***')
    expect((await read({ ...required, 'ca-certificates': btoa(certificate) })).certificates).toBe(certificate.trim())
  })
})

describe('contexts', () => {
  it('selects each context once, or all', async () => {
    expect((await targetsOf({ kubeconfig: config, contexts: 'test\ntest' })).contexts).toEqual(['test'])
    expect((await targetsOf({ kubeconfig: config, contexts: '*' })).contexts).toEqual(['prod', 'test'])
  })
})

describe('namespaces', () => {
  it('is a list of which each pattern counts once', async () => {
    const { targets } = await read({ ...withSecret, namespaces: 'shop\nteam-*,!team-x,shop' })
    expect(targets?.patterns).toEqual(['shop', 'team-*', '!team-x'])
  })

  it('has up to 63 characters per name', async () => {
    expect((await read({ ...withSecret, namespaces: `!${'a'.repeat(63)}, *` })).targets?.patterns).toHaveLength(2)
    expect(await errorsOf({ ...withSecret, namespaces: 'a'.repeat(64) })).toHaveLength(1)
  })
})

describe('kube-server', () => {
  it('accepts a token with the word Bearer', async () => {
    const { targets } = await read({ ...withServer, 'kube-token': `Bearer ${SECRET}-token` })
    expect(targets?.config.getCurrentUser()?.token).toBe(`${SECRET}-token`)
  })

  it('replaces a kubeconfig', async () => {
    const provided = { 'kube-server': 'https://k.example.com:6443', 'kube-token': SECRET, 'kube-ca': certificate }
    const { targets } = await read({ ...required, 'secret-name': 'pull', ...provided })
    expect(targets?.contexts).toEqual(['k.example.com:6443'])
    expect(targets?.config.getCurrentUser()?.token).toBe(SECRET)
    expect(targets?.config.getCurrentCluster()).toMatchObject({
      server: 'https://k.example.com:6443',
      skipTLSVerify: false,
      caData: Buffer.from(certificate.trim()).toString('base64'),
    })
  })

  it("accepts GitHub's OIDC tokens", async () => {
    const { targets } = await read({ ...withServer, 'kube-oidc-audience': 'https://k' }, jobWithTokens)
    expect(targets?.config.getCurrentUser()?.authProvider?.config).toEqual({
      url: 'https://token/?a=b',
      requestToken: 'job-token',
      audience: 'https://k',
    })
    expect(redact('job-token')).toBe('***')
  })

  it('is needed for OIDC tokens', async () => {
    expect(await errorsOf({ ...withSecret, 'kube-oidc-audience': 'k' }, jobWithTokens)).toEqual([
      expect.stringContaining('`kube-oidc-audience` needs `kube-server`'),
    ])
  })
})
