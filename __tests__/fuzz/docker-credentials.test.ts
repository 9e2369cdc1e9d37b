// What docker login, credential helpers and tenants leave for this action to read.
import { vi } from 'vitest'
import { ActionError } from '../../src/core/errors.ts'
import { parseDockerConfig } from '../../src/issuer/docker-config/config.ts'
import { getCredential, listKeys } from '../../src/issuer/docker-config/credential-helper.ts'
import type { ConfigEntry } from '../../src/issuer/docker-config/entry.ts'
import { shownKeys } from '../../src/issuer/docker-config/problem.ts'
import { allHosts, selectHosts } from '../../src/issuer/docker-config/select.ts'
import { keyForNodes, keysForNodes } from '../../src/registry/config-key.ts'
import { matchesNoImage } from '../../src/registry/reference.ts'
import type { ProgramResult } from '../../src/runner/program.ts'
import { expectSafe, expectThat, isPlainError } from './expect.ts'
import { fuzz, unlessRejected } from './fuzz.ts'
import { editedJson, editedText } from './hostile.ts'

let output: ProgramResult = { exitCode: 0, stdout: '', stderr: '' }
vi.mock('../../src/runner/program.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  runProgram: async () => output,
}))
const masked = new Set<string>()
// A process masks a few secrets, and these are as many as there are cases.
vi.mock('../../src/runner/mask.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  mask: (secret: string) => {
    masked.add(secret)
    // Fails for what is not a text, as the real one does.
    return secret.trim() && secret
  },
  redact: (text: string) => text,
}))

const auth = 'am86czNjcjN0LXZhbHVl'
const config = {
  auths: {
    'ghcr.io': { auth },
    'https://index.docker.io/v1/': { username: 'jo', password: 's3cr3t-value', email: 'a@example.com' },
    'acme.azurecr.io': { auth: 'MDAwOg==', identitytoken: 's3cr3t-token' },
    'http://127.0.0.1:5000/v2': { auth },
    '': {},
  },
  credHelpers: { 'gcr.io': 'gcloud', 'public.ecr.aws': 'ecr-login', 'https://ghcr.io': '' },
  credsStore: 'desktop.exe',
  HttpHeaders: { 'User-Agent': 'x' },
}
const { credsStore: _store, ...withoutStore } = config
const REQUESTED = ['ghcr.io', 'docker.io', '[::1]:5000', 'toString', '__proto__']

function expectMasked(entry: ConfigEntry): void {
  if (entry.kind !== 'login') return
  expectThat(entry.username !== '' && entry.password !== '', 'a user name and a password', entry)
  expectThat(masked.has(entry.password), 'a masked password', entry)
}

fuzz('docker config of a job', 'any one is read, its passwords are masked, and its hosts are found', {
  cases: editedJson([config, withoutStore, { auths: config.auths }, { credHelpers: config.credHelpers, auths: null }]),
  check: (json) => {
    masked.clear()
    const parsed = unlessRejected(
      () => parseDockerConfig(json),
      (error) =>
        isPlainError(error) &&
        /^(it is not a JSON object|its `auths`|it names a cred)/.test(String((error as Error).message)),
    )
    if (parsed === undefined) return
    const { entries, credHelpers, credsStore } = parsed
    for (const entry of entries.values()) expectMasked(entry)
    for (const name of [...credHelpers.values(), credsStore ?? 'x']) expectThat(/^[\w.-]+$/.test(name), 'a name', name)
    const requested = selectHosts(parsed, REQUESTED)
    expectThat(requested.length === REQUESTED.length, 'a source for each host', requested)
    const all = allHosts(parsed)
    for (const host of [...requested, ...all]) {
      if (host.kind === 'entry') expectMasked(host.login)
      if (host.kind === 'helper') expectMasked(host.entry)
    }
    const keys = all.map(({ server }) => server)
    expectSafe(shownKeys(keys))
    for (const [server, key] of keysForNodes(keys)) {
      expectThat(keys.includes(key), 'one of the keys', key)
      expectThat(keyForNodes(server) === server, 'a key that stays as it is', server)
    }
  },
})

const KEYS = [
  'ghcr.io',
  'https://index.docker.io/v1/',
  'https://index.docker.io/v1/refresh-token',
  'http://registry.example.com:5000/v2',
  'registry-1.docker.io',
  'http://127.0.0.1:5000/v2/',
  'https://[2001:db8::1]:443/acme',
  'registry.gitlab.com/acme/app',
]

fuzz('key of a docker config', 'any one becomes a host that a URL can have and the kubelet uses, or none', {
  cases: editedText(KEYS),
  check: (key) => {
    const server = keyForNodes(key)
    if (server === undefined) return
    expectSafe(server)
    const { host, username, password } = new URL(/^https?:\/\//.test(server) ? server : `https://${server}`)
    expectThat(host !== '' && username === '' && password === '', 'a host without a login', server)
    expectThat(!matchesNoImage(server), 'a key that the kubelet uses', server)
    expectThat(keyForNodes(server) === server, 'a key that stays as it is', server)
  },
})

const options = { environment: {}, signal: new AbortController().signal }
const RESPONSE = { ServerURL: 'ghcr.io', Username: 'jo', Secret: 's3cr3t-value' }
const RESPONSES = [
  RESPONSE,
  { ...RESPONSE, Username: '<token>' },
  { 'ghcr.io': 'jo', 'https://index.docker.io/v1/': 'jo' },
]

function isDocumented(error: unknown): boolean {
  if (!(error instanceof ActionError) || error.code !== 'credential-helper-failed') return false
  expectSafe(error.message)
  // The secret follows the name `Secret`, so only a plain message is shown.
  expectThat(!error.message.includes('s3cr3t'), 'a message without the secret', error.message)
  return true
}

fuzz('credential helper', 'any response is a credential that is masked, or an error that shows none', {
  share: 0.7,
  cases: editedJson(RESPONSES),
  check: async (stdout) => {
    for (const exitCode of [0, 1]) {
      masked.clear()
      output = { exitCode, stdout, stderr: '' }
      const entry = await documented(getCredential('pass', 'ghcr.io', options))
      if (entry !== undefined) expectMasked(entry)
      const keys = await documented(listKeys('pass', options))
      if (keys !== undefined) expectThat(exitCode === 0 && Array.isArray(keys), 'keys of a list', keys)
    }
  },
})

fuzz('credential helper', 'any message is shown in a line that is safe to print', {
  share: 0.3,
  cases: editedText(['credentials not found in native keychain', 'gpg: no secret key\n', 'token=abc denied']),
  check: async (text) => {
    for (const result of [
      { stdout: text, stderr: '' },
      { stdout: '', stderr: text },
    ]) {
      output = { exitCode: 1, ...result }
      await documented(getCredential('pass', 'ghcr.io', options))
    }
  },
})

/** The result, or undefined for an error that the helper's caller documents. */
async function documented<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result
  } catch (error) {
    if (isDocumented(error)) return undefined
    throw error
  }
}
