// What a step loads: only the parts of `dist` that its inputs lead to. Each takes time at the start of every run.
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { cp, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesOf } from '../support/files-of.ts'
import { staticInputs } from '../support/ibm/inputs.ts'
import { runStep } from '../support/runner/runner.ts'
import { openFakeScenario, type Scenario } from './harness.ts'

const heapRecorder = new URL('../support/runner/record-heap.mjs', import.meta.url)
const recorder = new URL('../support/runner/record-loads.mjs', import.meta.url)

/** The files of `dist` and the modules of Node that a step loads. */
async function loadedBy(inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-'))
  const file = join(folder.path, 'loads')
  await writeFile(file, '')
  const result = await runStep({ inputs, env: { ...env, NODE_OPTIONS: `--import=${recorder}`, TEST_LOADS: file } })
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  const chunks = lines.filter((line) => line.endsWith('.js') && !line.startsWith('node:')).sort()
  return { result, chunks, builtin: new Set(lines.filter((line) => line.startsWith('node:'))) }
}

const START = ['index.js', 'inputs.js', 'rolldown-runtime.js', 'runner.js']
const RUN = [...START, 'dispatcher.js', 'http.js', 'kubeconfig.js', 'load-kubeconfig.js', 'main.js', 'run.js']
const YAML = ['js-yaml.js', 'yaml.js']

it('an input error loads what reads inputs, and nothing that encrypts or sends requests', async () => {
  const { result, chunks, builtin } = await loadedBy({})
  expect(result.code).toBe(1)
  expect(chunks).toEqual(START)
  expect([...builtin].filter((name) => /^node:(crypto|tls|http|https|http2)$/.test(name))).toEqual([])
})

it('the post step after a run that left nothing loads no inputs', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-'))
  const file = join(folder.path, 'loads')
  await writeFile(file, '')
  await runStep({ inputs: {}, entry: 'post', env: { NODE_OPTIONS: `--import=${recorder}`, TEST_LOADS: file } })
  const chunks = (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line.endsWith('.js') && !line.startsWith('node:'))
  expect(chunks.sort()).toEqual(['post.js', 'rolldown-runtime.js', 'runner.js'])
})

/** Accepts connections, and says nothing. */
async function startTcpServer() {
  const server = createServer((socket) => socket.on('error', () => {}).resume())
  const connected = once(server, 'connection')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connected,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

describe('a run with a provided credential', () => {
  let scenario: Scenario
  let inputs: Record<string, string>

  beforeAll(async () => {
    scenario = await openFakeScenario()
    const json = JSON.stringify(load(scenario.inputs.kubeconfig ?? ''))
    inputs = { ...scenario.inputs, ...staticInputs(scenario.ibm, scenario.ibm.mintToken().value), kubeconfig: json }
  })
  afterAll(() => scenario[Symbol.asyncDispose]())

  it('to one namespace loads no provider, proxy, plugin, workload or parser of YAML', async () => {
    const { result, chunks, builtin } = await loadedBy(inputs)
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(chunks).toEqual([...RUN].sort())
    // The undici of Node itself, which `import 'node:http'` would load.
    expect([...builtin].filter((name) => name.includes('undici'))).toEqual([])
  })

  it('does not optimize the parser of HTTP/1.1', async () => {
    const traced = `
      const [node, ...args] = process.argv.slice(1)
      const options = ['--trace-wasm-compilation-times', ...args]
      process.exitCode = require('node:child_process').spawnSync(node, options, { stdio: 'inherit' }).status
    `
    const through = [process.execPath, '--eval', traced]
    const { code, stdout } = await runStep({ inputs, through })
    expect(code).toBe(0)
    const compilers = [...stdout.matchAll(/^Compiled function .* using (\w+)/gm)].map(([, compiler]) => compiler)
    expect(new Set(compilers)).toEqual(new Set(['Liftoff']))
  })

  it('connects to the clusters before it loads what encrypts and sends requests', async () => {
    await using resources = new AsyncDisposableStack()
    const folder = resources.use(await mkdtempDisposable(join(tmpdir(), 'dist-')))
    const dist = join(folder.path, 'dist')
    await cp('dist', dist, { recursive: true })
    await cp('package.json', join(folder.path, 'package.json'))
    await writeFile(join(dist, 'http.js'), 'throw new Error("http.js is loaded")')
    const servers = await Promise.all([1, 2].map(startTcpServer))
    for (const server of servers) resources.use(server)
    const config = JSON.parse(inputs.kubeconfig ?? '')
    const [one] = config.contexts
    config.contexts.push({ ...one, name: 'other', context: { ...one.context, cluster: 'other' } })
    config.clusters.push({ ...config.clusters[0], name: 'other' })
    for (const [index, { cluster }] of config.clusters.entries())
      config.clusters[index].cluster = { ...cluster, server: `https://127.0.0.1:${servers[index]?.port}` }
    const connected = Promise.all(servers.map((server) => server.connected))
    const { code, log } = await runStep({
      inputs: { ...inputs, kubeconfig: JSON.stringify(config), contexts: '*' },
      dist,
    })
    expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('http.js is loaded') })
    await connected
  })

  it('over many namespaces keeps the young generation of the heap as small as it was at the start', async () => {
    const namespaces = await Promise.all(Array.from({ length: 400 }, () => scenario.createNamespace()))
    await using folder = await mkdtempDisposable(join(tmpdir(), 'heap-'))
    const file = join(folder.path, 'heap')
    const env = { NODE_OPTIONS: `--import=${heapRecorder}`, TEST_HEAP: file }
    const { code } = await runStep({ inputs: { ...inputs, namespaces: namespaces.join() }, env })
    expect(code).toBe(0)
    expect(Number(await readFile(file, 'utf8'))).toBeLessThanOrEqual(8)
  })

  it('with a kubeconfig in YAML loads the parser', async () => {
    const { chunks } = await loadedBy({ ...inputs, kubeconfig: scenario.inputs.kubeconfig ?? '' })
    expect(chunks).toEqual([...RUN, ...YAML].sort())
  })

  it.each([
    ['JSON', (object: unknown) => JSON.stringify(object), []],
    ['YAML', () => 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: more-settings\n', ['manifest.js', 'yaml.js']],
  ])('with a manifest in %s loads the parser that it needs', async (_, write, parser) => {
    const manifest = write({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } })
    const { result, chunks } = await loadedBy({ ...inputs, manifest })
    expect(result).toMatchObject({ code: 0, annotations: [] })
    const workload = [
      'deploy.js',
      'load-manifest.js',
      'manifest-objects.js',
      'server-fields.js',
      'unmatched-images.js',
      'workload.js',
    ]
    expect(chunks).toEqual([...RUN, ...workload, ...parser].sort())
  })

  it('with a label selector, or with files of manifests, loads what reads those', async () => {
    const selected = await loadedBy({ ...inputs, 'namespace-selector': '!absent' })
    expect(selected.chunks).toEqual([...RUN, 'label-selector.js'].sort())
    await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-'))
    const file = join(folder.path, 'settings.json')
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }))
    const { chunks } = await loadedBy({ ...inputs, 'manifest-files': file })
    expect(chunks).toContain('manifest-files.js')
  })

  it('through a SOCKS proxy, or an http proxy, loads what that proxy needs', async () => {
    const config = JSON.parse(inputs.kubeconfig ?? '')
    for (const [scheme, chunk] of [
      ['socks5', 'socks-proxy.js'],
      ['http', 'http-proxy.js'],
    ] as const) {
      const proxied = structuredClone(config)
      // Nothing listens there.
      proxied.clusters[0].cluster['proxy-url'] = `${scheme}://127.0.0.1:1`
      const { chunks } = await loadedBy({ ...inputs, kubeconfig: JSON.stringify(proxied), timeout: '3s' })
      expect(chunks).toEqual([...RUN, chunk].sort())
    }
  })

  it.each([
    [
      'an exec plugin',
      { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/does/not/exist' } },
      'exec-plugin.js',
    ],
    [
      'OpenID Connect',
      {
        'auth-provider': {
          name: 'oidc',
          config: { 'idp-issuer-url': 'https://127.0.0.1:1', 'client-id': 'id', 'refresh-token': 'a-refresh-token' },
        },
      },
      'oidc-refresh.js',
    ],
  ])('of a kubeconfig user with %s loads that', async (_, user, chunk) => {
    const config = JSON.parse(inputs.kubeconfig ?? '')
    for (const one of config.users) one.user = user
    const { chunks } = await loadedBy({ ...inputs, kubeconfig: JSON.stringify(config), timeout: '3s' })
    expect(chunks).toEqual([...RUN, chunk].sort())
  })
})

it('no run loads locale data at its start: that takes almost as long as to start Node', () => {
  const uses = filesOf('dist/*.js').flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => /\.(localeCompare|toLocale\w*String)\b|\bIntl\./.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
  // To sort the tags that a registry has, when the one of the input is not there.
  expect(uses).toEqual([expect.stringMatching(/^dist\/main\.js: return .*\.sort\(new Intl\.Collator/)])
})

/** In KiB. A chunk that becomes larger needs a reason: what it is for, or a part that is loaded late. */
const MAX_SIZES: Readonly<Record<string, number>> = {
  'http.js': 430,
  'socks-proxy.js': 190,
  'inputs.js': 200,
  'run.js': 155,
  'yaml.js': 130,
  'main.js': 125,
  'runner.js': 82,
  'workload.js': 85,
  'kubeconfig.js': 55,
}
const MAX_SIZE = 25

it('no chunk is larger than what it is for', () => {
  const sizes = filesOf('dist/*.js').map((path) => ({
    name: path.slice('dist/'.length),
    kib: statSync(path).size / 1024,
  }))
  expect(sizes.length).toBeGreaterThan(20)
  expect(sizes.filter(({ name, kib }) => kib > (MAX_SIZES[name] ?? MAX_SIZE))).toEqual([])
})

it('V8 keeps the text of each file in one byte for a character', () => {
  expect(filesOf('dist/*.js').filter((path) => /[^\0-\x7f]/.test(readFileSync(path, 'utf8')))).toEqual([])
})

it('the files of `dist` are named after what they are for', () => {
  // The bundler numbers a second file of the same name.
  expect(filesOf('dist/*.js').filter((path) => /\d\.js$|_/.test(path))).toEqual([])
  expect(readFileSync('dist/index.js', 'utf8').length).toBeLessThan(4096)
})
