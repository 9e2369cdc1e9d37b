import { existsSync, mkdtempDisposableSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ActionError } from '../../../../src/core/errors.ts'
import { askHelpers } from '../../../../src/issuer/docker-config/ask-helpers.ts'
import { getCredential, listKeys } from '../../../../src/issuer/docker-config/credential-helper.ts'
import type { HelperSource } from '../../../../src/issuer/docker-config/select.ts'
import { explain } from '../../../../src/report/error-text.ts'
import { redact } from '../../../../src/runner/mask.ts'
import { callsOf, writeHelper, writeProgram } from '../../../support/credential-helper.ts'
import { errorOf } from '../../../support/error-of.ts'
import { isRunning } from '../../../support/is-running.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'

const folder = mkdtempDisposableSync(join(tmpdir(), 'helpers-'))
afterAll(() => folder.remove())
const PATH = `${folder.path}${delimiter}${process.env.PATH}`
// @actions/exec finds programs by the PATH of this process.
beforeEach(() => vi.stubEnv('PATH', PATH))

let count = 0
/** The name of a helper of its own for each test. */
const newName = () => `h${count++}`
const options = (signal = new AbortController().signal) => ({ environment: { PATH }, signal })
const fileOf = (name: string, ending: string) => join(folder.path, `docker-credential-${name}.${ending}`)

function helperOf(lines: readonly string[]): string {
  const name = newName()
  writeProgram(folder.path, name, lines)
  return name
}

const print = (object: object) => `cat <<'END'\n${JSON.stringify(object)}\nEND`

describe('a credential helper', () => {
  it('returns a credential, and masks it', async () => {
    const name = newName()
    writeHelper(folder.path, name, { 'ghcr.io': { Username: 'jo', Secret: 'helper-secret-1' } })
    const login = { kind: 'login', username: 'jo', password: 'helper-secret-1' }
    expect(await getCredential(name, 'ghcr.io', options())).toEqual(login)
    expect(redact('helper-secret-1')).toBe('***')
    expect(await getCredential(name, 'quay.io', options())).toEqual({ kind: 'empty' })
    expect(await listKeys(name, options())).toEqual(['ghcr.io'])
  })

  it('gets the host by its input alone, byte for byte, and no input of the step', async () => {
    const name = helperOf(['cat > "$0.input"', 'env > "$0.env"', print({ Username: 'jo', Secret: 'helper-secret-2' })])
    await getCredential(name, 'https://index.docker.io/v1/', { ...options(), environment: { PATH, HOME: '/home/jo' } })
    expect(readFileSync(fileOf(name, 'input'), 'utf8')).toBe('https://index.docker.io/v1/')
    expect(callsOf(folder.path, name)).toEqual(['get'])
    expect(readFileSync(fileOf(name, 'env'), 'utf8')).toMatch(/^HOME=\/home\/jo$/m)
    expect(readFileSync(fileOf(name, 'env'), 'utf8')).not.toContain('VITEST')
  })

  it('may exit without reading its input', async () => {
    const name = helperOf(['exec <&-', print({ Username: 'jo', Secret: 'helper-secret-3' })])
    expect(await getCredential(name, 'a'.repeat(200_000), options())).toMatchObject({ password: 'helper-secret-3' })
  })

  it('returns a token that only docker can use', async () => {
    const name = helperOf([print({ Username: '<token>', Secret: 'helper-identity-token' })])
    expect(await getCredential(name, 'acme.azurecr.io', options())).toEqual({ kind: 'identity-token' })
    expect(redact('helper-identity-token')).toBe('***')
  })

  it('writes nothing to the log', async () => {
    using captured = captureLog()
    const name = helperOf(['echo to-stderr >&2', print({ Username: 'jo', Secret: 'short' })])
    await getCredential(name, 'ghcr.io', options())
    await listKeys(name, options())
    expect(captured.lines).toEqual([])
  })
})

describe('an error of a credential helper', () => {
  it.each<[string, readonly string[], RegExp]>([
    [
      'fails',
      ['echo "no secret service"; exit 1'],
      /failed for ghcr\.io with exit code 1: no secret service\. Let the/,
    ],
    ['fails on stderr', ['echo "gpg: no key" >&2; exit 2'], /with exit code 2: gpg: no key\./],
    ['fails silently', ['exit 3'], /failed for ghcr\.io with exit code 3\. Let/],
    ['fails with another message', ['echo "credentials not found"; exit 1'], /exit code 1: credentials not found\./],
    ['fails with a secret', [print({ Username: 'u', Secret: 'hunter2' }), 'exit 1'], /with exit code 1\. Let/],
    ['fails within a secret', [`printf '{"Username":"u","Secret":"a,hunter2'`, 'exit 1'], /with exit code 1\. Let/],
    ['fails after a secret', [print({ Username: 'u', Secret: 'a,hunter2' }), 'echo oops', 'exit 1'], /code 1\. Let/],
    ['fails with a token', ['echo "token=hunter2 rejected"; exit 1'], /token=\*\*\* rejected/],
    ['fails in many lines', ['yes "a line" | head -1000; exit 1'], /exit code 1: a line\./],
    ['fails with a command', ['echo "::error::hunter3"; exit 1'], /exit code 1: : :error: :hunter3\./],
    ['is ended by a signal', ['kill -TERM $$'], /failed for ghcr\.io by a signal\./],
    ['prints nothing', [], /printed no user name and secret for ghcr\.io/],
    ['prints nonsense', ['echo hunter2'], /printed no user name and secret/],
    ['prints a list', ['echo \'["hunter2"]\''], /printed no user name and secret/],
    ['prints no user name', [print({ Secret: 'hunter2' })], /printed no user name and secret/],
    ['prints no secret', [print({ Username: 'hunter2' })], /printed no user name and secret/],
    ['prints an empty secret', [print({ Username: 'hunter2', Secret: '' })], /printed no user name and secret/],
    ['prints other types', [print({ Username: ['hunter2'], Secret: { a: 'hunter2' } })], /printed no user name/],
    ['prints without end', ['exec yes hunter2'], /could not be run: it printed more than 1 MiB/],
  ])('that %s names it, and no secret', async (_, lines, message) => {
    const name = helperOf(lines)
    using captured = captureLog()
    const error = await errorOf(getCredential(name, 'ghcr.io', options()))
    const text = explain(error).join('\n')
    expect(error.code).toBe('credential-helper-failed')
    expect(text).toMatch(message)
    expect(text).toContain(`\`docker-credential-${name} get\``)
    expect(text + captured.lines.join('\n')).not.toContain('hunter2')
    expect(text.length).toBeLessThan(1000)
  })

  it('that is masked before it fails stays masked', async () => {
    const name = helperOf([print({ Username: 'jo', Secret: 'secret-of-a-failure' }), 'exit 1'])
    await errorOf(getCredential(name, 'ghcr.io', options()))
    expect(redact('secret-of-a-failure')).toBe('***')
  })

  it('says that it is not on the PATH', async () => {
    const error = await errorOf(getCredential('no-such-helper', 'ghcr.io', options()))
    expect(explain(error).join()).toMatch(/`docker-credential-no-such-helper get` is not on the PATH of this runner\./)
    expect(error.hint).toContain('installs the helper')
  })

  it('says that it cannot be started', async () => {
    const name = newName()
    writeProgram(folder.path, name, [], '#!/no/such/shell')
    expect((await errorOf(getCredential(name, 'ghcr.io', options()))).message).toMatch(/could not be run: .*ENOENT/)
  })

  it.each<[string, readonly string[], RegExp]>([
    ['fails', ['echo unsupported; exit 1'], /`docker-credential-\w+ list` failed with exit code 1: unsupported/],
    ['prints no object', ['echo "[]"'], /`docker-credential-\w+ list` did not print a JSON object/],
    ['prints nothing', [], /did not print a JSON object/],
  ])('of a list that %s', async (_, lines, message) => {
    expect((await errorOf(listKeys(helperOf(lines), options()))).message).toMatch(message)
  })
})

describe('a credential helper that hangs', () => {
  const HANGS = ['sleep 600 & echo $! > "$0.pid"', 'touch "$0.ready"', 'wait']

  async function started(name: string): Promise<number> {
    await vi.waitFor(() => expect(existsSync(fileOf(name, 'ready'))).toBe(true), 10_000)
    return Number(readFileSync(fileOf(name, 'pid'), 'utf8'))
  }

  it('is ended after a minute, with its children', async () => {
    const minute = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(minute.signal)
    const name = helperOf(HANGS)
    const error = errorOf(getCredential(name, 'ghcr.io', options()))
    expect(timeout).toHaveBeenCalledWith(60_000)
    timeout.mockRestore()
    const pid = await started(name)
    minute.abort()
    expect(await error).toMatchObject({
      code: 'credential-helper-failed',
      message: expect.stringContaining('did not respond within a minute'),
    })
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 10_000)
  })

  it('is ended when the run is over, and the error says so', async () => {
    const over = new AbortController()
    const name = helperOf(HANGS)
    const error = errorOf(getCredential(name, 'ghcr.io', options(over.signal)))
    const pid = await started(name)
    over.abort(new ActionError('cancelled', 'the job was cancelled'))
    expect(await error).toMatchObject({
      code: 'cancelled',
      message: `Could not ask docker-credential-${name}: the job was cancelled`,
    })
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 10_000)
  })

  it('is ended when another helper fails', async () => {
    const [hangs, fails] = [helperOf(HANGS), newName()]
    const ready = fileOf(hangs, 'ready')
    writeProgram(folder.path, fails, [`while [ ! -e ${ready} ]; do sleep 0.1; done`, 'exit 7'])
    const error = await errorOf(askHelpers([sourceOf(hangs), sourceOf(fails)], options()))
    expect(error.message).toContain('with exit code 7')
    const pid = await started(hangs)
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 10_000)
  })
})

function sourceOf(helper: string, more: Partial<HelperSource> = {}): HelperSource {
  return {
    kind: 'helper',
    server: 'ghcr.io',
    key: 'ghcr.io',
    helper,
    entry: { kind: 'empty' },
    isRequested: true,
    ...more,
  }
}

describe('asked for hosts', () => {
  const login = { kind: 'login', username: 'jo', password: 'password-of-an-entry' } as const

  it('has more than the config, which has what the helper has not', async () => {
    const name = newName()
    writeHelper(folder.path, name, { 'ghcr.io': { Username: 'jo', Secret: 'helper-secret-4' } })
    const others = {
      'quay.io': login,
      'acme.azurecr.io': { kind: 'identity-token' },
      'other.io': { kind: 'empty' },
    } as const
    const sources = [
      sourceOf(name, { entry: login }),
      ...Object.entries(others).map(([server, entry]) => sourceOf(name, { server, key: server, entry })),
    ]
    expect(await askHelpers(sources, options())).toEqual([
      { kind: 'entry', server: 'ghcr.io', login: { ...login, password: 'helper-secret-4' } },
      { kind: 'entry', server: 'quay.io', login },
      { kind: 'identity-token', server: 'acme.azurecr.io' },
      { kind: 'missing', server: 'other.io' },
    ])
  })

  it('leaves out a host that the workflow does not ask for, without a list', async () => {
    const name = newName()
    writeHelper(folder.path, name, {})
    expect(await askHelpers([sourceOf(name, { isRequested: false })], options())).toEqual([])
    expect(callsOf(folder.path, name)).toEqual(['get'])
  })

  it('finds a requested host by another key that the helper lists', async () => {
    const name = newName()
    writeHelper(folder.path, name, { 'https://ghcr.io/v2/': { Username: 'jo', Secret: 'helper-secret-5' } })
    expect(await askHelpers([sourceOf(name)], options())).toMatchObject([{ login: { password: 'helper-secret-5' } }])
    expect(callsOf(folder.path, name)).toEqual(['get', 'list', 'get'])
  })

  it('has nothing for a requested host when it cannot list', async () => {
    const name = helperOf([
      'if [ "$1" = list ]; then echo unsupported; else echo "credentials not found in native keychain"; fi',
      'exit 1',
    ])
    expect(await askHelpers([sourceOf(name)], options())).toEqual([{ kind: 'missing', server: 'ghcr.io' }])
  })

  it('is stopped by the end of the run while it lists', async () => {
    const over = new AbortController()
    const name = helperOf([
      'if [ "$1" = get ]; then echo "credentials not found in native keychain"; exit 1; fi',
      'touch "$0.ready"; sleep 600',
    ])
    const error = errorOf(askHelpers([sourceOf(name)], options(over.signal)))
    await vi.waitFor(() => expect(existsSync(fileOf(name, 'ready'))).toBe(true), 10_000)
    over.abort(new ActionError('timeout', 'the run took too long'))
    expect((await error).code).toBe('timeout')
  })
})
