import { existsSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { type ExecPlugin, runExecPlugin } from '../../../src/kubernetes/exec-plugin.ts'
import { explain } from '../../../src/report/error-text.ts'
import { mask, redact } from '../../../src/runner/mask.ts'
import { errorOf } from '../../support/error-of.ts'
import { credentialLine, EXEC_V1, writePlugin } from '../../support/exec-plugin.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { isRunning } from '../../support/is-running.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const authority = await createAuthority('plugins')
const { certificate, key } = await authority.issue({ commonName: 'jo' })
const { key: otherKey } = await authority.issue({ commonName: 'jo' })

const folder = mkdtempDisposableSync(join(tmpdir(), 'plugin-'))
afterAll(() => folder.remove())

let count = 0
/** A plugin that is a shell script of these lines. */
function plugin(lines: readonly string[], { exec = {}, ...more }: { exec?: object } & Partial<ExecPlugin> = {}) {
  const command = writePlugin(folder.path, `plugin-${count++}`, lines)
  return {
    cluster: 'test',
    exec: { apiVersion: EXEC_V1, command, ...exec },
    folder: undefined,
    clusterInfo: { server: 'https://k' },
    environment: { PATH: process.env.PATH },
    signal: new AbortController().signal,
    ...more,
  } satisfies ExecPlugin
}

async function errorTextOf(from: ExecPlugin): Promise<string> {
  return explain(await errorOf(runExecPlugin(from))).join('\n')
}

describe('returns', () => {
  it('a token without the line break at its end, and masks it', async () => {
    const { credential, renewAtMs } = await runExecPlugin(plugin([credentialLine({ token: 'plugin-token\n' })]))
    expect(credential).toEqual({ headers: { authorization: 'Bearer plugin-token' } })
    expect(renewAtMs).toBe(Number.POSITIVE_INFINITY)
    expect(redact('plugin-token')).toBe('***')
  })

  it('a certificate with its key, until they expire', async () => {
    const status = {
      clientCertificateData: certificate,
      clientKeyData: key,
      expirationTimestamp: '2030-01-01T00:00:00Z',
    }
    const { credential, renewAtMs } = await runExecPlugin(plugin([credentialLine(status)]))
    expect(credential).toEqual({ headers: {}, certificate: { cert: certificate, key } })
    expect(new Date(renewAtMs).toISOString()).toBe('2030-01-01T00:00:00.000Z')
    expect(redact(key)).toBe('***')
  })

  it('a credential of v1beta1 to a kubeconfig of v1beta1', async () => {
    const apiVersion = 'client.authentication.k8s.io/v1beta1'
    const from = plugin([credentialLine({ token: 'beta-token' }, apiVersion)], { exec: { apiVersion } })
    expect((await runExecPlugin(from)).credential.headers).toEqual({ authorization: 'Bearer beta-token' })
  })
})

describe('gets', () => {
  const environmentOf = async (from: ExecPlugin & { exec: { command: string } }) => {
    await runExecPlugin(from)
    return readFileSync(`${from.exec.command}.env`, 'utf8')
  }
  const script = ['env > "$0.env"', credentialLine({ token: 't' })]
  const infoIn = (environment: string) => JSON.parse(/^KUBERNETES_EXEC_INFO=(.*)$/m.exec(environment)?.[1] ?? '')

  it('its arguments, and its variables in addition to those of the environment', async () => {
    const env = [{ name: 'REGION', value: 'eu' }]
    const from = plugin(['echo "ARGS=$*" > "$0.args"', ...script], { exec: { args: ['get', 'a b'], env } })
    expect(await environmentOf(from)).toMatch(/^REGION=eu$/m)
    expect(readFileSync(`${from.exec.command}.args`, 'utf8')).toBe('ARGS=get a b\n')
  })

  it.each([EXEC_V1, 'client.authentication.k8s.io/v1beta1'])('its own version: %s', async (apiVersion) => {
    const from = plugin(['env > "$0.env"', credentialLine({ token: 't' }, apiVersion)], { exec: { apiVersion } })
    expect(infoIn(await environmentOf(from))).toEqual({
      kind: 'ExecCredential',
      apiVersion,
      spec: { interactive: false },
    })
  })

  it('the cluster only where the kubeconfig says so', async () => {
    const from = plugin(script, { exec: { provideClusterInfo: true } })
    expect(infoIn(await environmentOf(from)).spec).toEqual({ interactive: false, cluster: { server: 'https://k' } })
  })

  it('no stdin', async () => {
    const from = plugin(['read line && exit 1', credentialLine({ token: 't' })])
    expect(await runExecPlugin(from)).toBeDefined()
  })
})

describe('is found', () => {
  it('relative to the folder of the kubeconfig', async () => {
    writePlugin(folder.path, 'bin/login', [credentialLine({ token: 'from-folder' })])
    const from = plugin([], { exec: { command: './bin/login' }, folder: folder.path })
    expect((await runExecPlugin(from)).credential.headers.authorization).toBe('Bearer from-folder')
  })

  it('by its name in PATH, and not in relative folders of PATH', async () => {
    writePlugin(folder.path, 'path/by-name', [credentialLine({ token: 'from-path' })])
    const environment = { PATH: `::.:${join(folder.path, 'path')}:${process.env.PATH}` }
    const from = plugin([], { exec: { command: 'by-name' }, environment })
    expect((await runExecPlugin(from)).credential.headers.authorization).toBe('Bearer from-path')
    vi.spyOn(process, 'cwd').mockReturnValue(join(folder.path, 'path'))
    expect(await errorTextOf({ ...from, environment: { PATH: '.:path:' } })).toContain('is not installed')
    vi.restoreAllMocks()
  })

  it('or else its `installHint` is the hint', async () => {
    const from = plugin([], { exec: { command: 'no-such-plugin', installHint: 'Install it:\n\n  brew install it\n' } })
    expect(await errorTextOf(from)).toBe(
      'Could not authenticate to the cluster test: the exec plugin `no-such-plugin` of its kubeconfig user is not installed. Install it: brew install it.',
    )
    const without = plugin([], { exec: { command: './no-such-plugin' }, folder: folder.path })
    expect(await errorTextOf(without)).toContain('Install `./no-such-plugin` in an earlier step.')
  })

  it('or else its `installHint` is the hint, without a masked secret that has two spaces', async () => {
    // The mask of a shorter one finds it with one space as well.
    const secret = mask(`two  ${'spaces '.repeat(2000)}.`)
    const installHint = `Log in with ${secret} first`
    expect(await errorTextOf(plugin([], { exec: { command: 'no-such-plugin', installHint } }))).toContain(
      'Log in with *** first.',
    )
  })
})

describe('is an error', () => {
  it.each<[string, readonly string[], RegExp]>([
    [
      'that fails',
      ['echo "not logged in" >&2', 'exit 3'],
      /failed with exit code 3\. The log shows what it wrote to stderr\. Check/,
    ],
    ['that fails and writes nothing', ['exit 3'], /failed with exit code 3\. Check its arguments/],
    ['that a signal ends', ['kill -TERM $$'], /was ended by a signal/],
    ['that writes nothing', [], /wrote nothing/],
    ['that writes no JSON', ['echo hunter2-token'], /did not write JSON/],
    ['that writes a list', ['echo "[]"'], /did not write an ExecCredential/],
    ['that writes another version', [credentialLine({ token: 'hunter2' }, 'x/v1')], /wrote another API version/],
    [
      'that writes no status',
      ['echo \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}\''],
      /without a credential/,
    ],
    ['that writes an empty token', [credentialLine({ token: ' \n' })], /without a credential/],
    [
      'that writes a token of two lines',
      [credentialLine({ token: 'hunter2\nb' })],
      /wrote a token that has several lines/,
    ],
    ['that writes only a key', [credentialLine({ clientKeyData: 'hunter2' })], /only one of certificate and key/],
    [
      'that writes only a certificate',
      [credentialLine({ clientCertificateData: 'c' })],
      /only one of certificate and key/,
    ],
    [
      'that writes a certificate and a key that are none',
      [credentialLine({ clientCertificateData: 'c', clientKeyData: 'hunter2' })],
      /wrote a certificate that is not PEM/,
    ],
    [
      'that writes the key of another certificate',
      [credentialLine({ clientCertificateData: certificate, clientKeyData: otherKey })],
      /wrote a key that does not belong to its client certificate/,
    ],
    ['that writes without end', ['exec yes hunter2'], /wrote more than 1 MiB/],
    ['that logs without end', ['yes "token: hunter2" | head -c 20000000 >&2', 'exit 4'], /failed with exit code 4/],
    [
      'that asks for a code',
      [
        'echo "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ABC" >&2',
        'exec sleep 60',
      ],
      /asks a person to sign in\. .*`kubelogin convert-kubeconfig -l workloadidentity`/,
    ],
  ])('%s', async (_, lines, message) => {
    using captured = captureLog()
    const text = await errorTextOf(plugin(lines))
    expect(text).toMatch(/^Could not authenticate to the cluster test: the exec plugin `\S+`/)
    expect(text).toMatch(message)
    expect(text + captured.log.text).not.toContain('hunter2')
    expect(captured.log.text.length).toBeLessThan(5000)
  })

  it('that cannot be started', async () => {
    const from = plugin([])
    const broken = writePlugin(folder.path, 'broken', [])
    writeFileSync(broken, '#!/no/such/shell\n')
    expect(await errorTextOf({ ...from, exec: { ...from.exec, command: broken } })).toMatch(
      /could not be started: .*ENOENT/,
    )
  })
})

describe('that takes long', () => {
  it('is logged after five seconds with what it wrote to stderr, and ended after a minute', async () => {
    using captured = captureLog()
    const lines = ['echo "waiting for the provider, refresh_token=hunter2" >&2', 'touch "$0.ready"', 'exec sleep 60']
    const from = plugin(lines)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const text = errorTextOf(from)
      await vi.waitFor(() => expect(existsSync(`${from.exec.command}.ready`)).toBe(true), 10_000)
      await vi.advanceTimersByTimeAsync(5000)
      expect(captured.log.text).toContain('has been running for 5 s')
      await vi.advanceTimersByTimeAsync(60_000)
      expect(await text).toContain('did not return a credential within 60 s')
    } finally {
      vi.useRealTimers()
    }
    expect(captured.log.text).toContain('waiting for the provider, refresh_token=***')
    expect(captured.log.text).not.toContain('hunter2')
  })

  it('is ended with its children when the run is over', async () => {
    const over = new AbortController()
    const from = plugin(['sleep 60 & echo $! > "$0.pid"', 'touch "$0.ready"', 'wait'], { signal: over.signal })
    const text = errorTextOf(from)
    await vi.waitFor(() => expect(existsSync(`${from.exec.command}.ready`)).toBe(true), 10_000)
    over.abort(new Error('the run is over'))
    expect(await text).toMatch(/^Could not authenticate to the cluster test with `\S+`: the run is over/)
    const pid = Number(readFileSync(`${from.exec.command}.pid`, 'utf8'))
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 10_000)
  })

  it('does not keep the run waiting when only a child of it still runs', async () => {
    const from = plugin(['sleep 60 & echo $! > "$0.pid"', credentialLine({ token: 'early' })])
    expect((await runExecPlugin(from)).credential.headers.authorization).toBe('Bearer early')
    process.kill(Number(readFileSync(`${from.exec.command}.pid`, 'utf8')))
  })
})
