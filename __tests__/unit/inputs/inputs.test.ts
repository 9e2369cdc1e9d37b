import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { loadTimeoutMs } from '../../../src/inputs/inputs.ts'
import { read, required } from './fixture.ts'

it('needs few inputs', async () => {
  const { run: _, ...inputs } = await read(required, { GITHUB_REPOSITORY: 'acme/shop' })
  expect(inputs).toEqual({
    credential: {
      provider: 'dedicated',
      apiEndpoint: 'https://api.d1.example.net',
      registryEndpoint: 'https://registry.d1.example.net',
      login: { method: 'cli', environment: expect.any(Object) },
      organization: { name: 'acme' },
      account: undefined,
      permanent: true,
      write: false,
    },
    registry: { servers: ['registry.d1.example.net'], username: 'token', email: undefined, image: undefined },
    owner: { repository: 'acme/shop', provider: 'dedicated', hosts: ['registry.d1.example.net'] },
    description: 'registry-pull-secret acme/shop',
    secret: undefined,
    targets: undefined,
    deploy: undefined,
    maxAgeMs: 30 * 86_400_000,
    revoke: 'superseded',
    dryRun: false,
    verify: true,
    certificates: undefined,
    proxies: { http: undefined, https: undefined, exceptions: '' },
    warnings: [],
  })
})

it('ignores spaces around values, and inputs without a value, as from an empty expression', async () => {
  const padded = { 'dedicated-domain': ' d1.example.net\n', organization: '  acme ' }
  const empty = { account: '', 'secret-name': '  ', kubeconfig: '', namespace: '', 'service-id': '' }
  expect(await read({ ...padded, ...empty })).toEqual(await read(required))
})

it.each([
  ['5m', 5 * 60_000],
  ['', 15 * 60_000],
  ['soon', 15 * 60_000],
  ['0', 15 * 60_000],
])('the time limit of the run with the timeout "%s" is %d ms', (timeout, limitMs) => {
  expect(loadTimeoutMs({ INPUT_TIMEOUT: timeout })).toBe(limitMs)
})

it('identifies the workflow run and its attempt', async () => {
  const environment = { GITHUB_SERVER_URL: 'https://ghe.example.com', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '7' }
  const url = 'https://ghe.example.com/a/b/actions/runs/7'
  expect((await read(required, { ...environment, GITHUB_RUN_ATTEMPT: '1' })).run).toEqual({ url, id: '7.1' })
  const again = (await read(required, { ...environment, GITHUB_RUN_ATTEMPT: '2' })).run
  expect(again).toEqual({ url: `${url}/attempts/2`, id: '7.2' })
  expect((await read(required)).run).toEqual({ url: '', id: '' })
})

it('loads no HTTP client, Kubernetes client or YAML parser before an input error', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context) } })
    const { loadInputs } = await import(${JSON.stringify(fileURLToPath(new URL('../../../src/inputs/inputs.ts', import.meta.url)))})
    const { errors } = await loadInputs({ INPUT_PROVIDER: 'none' }).catch((error) => error)
    process.stdout.write(JSON.stringify({ errors: errors.length, loaded }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  const { errors, loaded } = JSON.parse(stdout) as { errors: number; loaded: string[] }
  expect(errors).toBeGreaterThan(0)
  expect(loaded.some((url) => url.endsWith('/src/inputs/reader.ts'))).toBe(true)
  // The toolkit has an undici of its own.
  const heavy = /\/node_modules\/(undici|@kubernetes\/client-node|js-yaml)\//
  expect(loaded.filter((url) => heavy.test(url) && !url.includes('/@actions/'))).toEqual([])
})
