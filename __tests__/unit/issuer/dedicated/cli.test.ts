import { randomInt } from 'node:crypto'
import { mkdtempDisposable, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { ActionError } from '../../../../src/core/errors.ts'
import { readCliSession } from '../../../../src/issuer/dedicated/cli.ts'
import { type CliSession, IAM_TOKEN, installCli } from '../../../support/ibm/cli.ts'
import { type CapturedLog, captureLog } from '../../../support/runner/captured-log.ts'

const uaaToken = 'eyJh.eyJi-_.c2ln'

/** Reads the session of CLI programs on a PATH that contains only them and what they need. */
async function read(...sessions: CliSession[]): Promise<{ token: Promise<string> } & CapturedLog> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cli-'))
  for (const session of sessions) await installCli(folder.path, session)
  await symlink('/bin/cat', join(folder.path, 'cat'))
  vi.stubEnv('PATH', folder.path)
  const captured = captureLog()
  const token = readCliSession(process.env, new AbortController().signal)
  await token.catch(() => {})
  return { ...captured, token }
}

it.each<[string, ...CliSession[]]>([
  ['ibmcloud', { uaaToken }],
  ['ibmcloud, with an indented line', { uaaToken, indented: true }],
  ['bx, when ibmcloud is not installed', { name: 'bx', uaaToken }],
  ['ibmcloud, when both are installed', { uaaToken }, { name: 'bx', uaaToken: 'other.other.other' }],
])('returns the UAA token of %s', async (_, ...sessions) => {
  using session = await read(...sessions)
  expect(await session.token).toBe(uaaToken)
})

it('masks the tokens that the program prints, and logs nothing of its output', async () => {
  const fresh = 'fresh.fresh.fresh'
  using session = await read({ uaaToken: fresh })
  await session.token
  expect(session.log.masks).toContain(fresh)
  expect(session.log.text).toBe('')
})

it.each([
  [
    'prints no UAA line',
    { name: 'bx' } as const,
    /^Could not log in: `bx iam oauth-tokens` printed no line "UAA token:"$/,
  ],
  ['is logged out', { loggedOut: true }, /^Could not log in: `ibmcloud iam oauth-tokens` failed with exit code 1$/],
])('fails when the program %s', async (_, cli, message) => {
  using session = await read(cli)
  await expect(session.token).rejects.toThrow(message)
  await expect(session.token).rejects.toMatchObject({ hint: expect.stringContaining(' login -a https://api.') })
  await expect(session.token).rejects.not.toThrow(IAM_TOKEN)
  expect(session.log.text).toBe('')
})

it('does not try bx when ibmcloud is logged out', async () => {
  using session = await read({ loggedOut: true }, { name: 'bx', uaaToken })
  await expect(session.token).rejects.toThrow('`ibmcloud iam oauth-tokens` failed with exit code 1')
})

it('fails when neither program is installed', async () => {
  using session = await read()
  await expect(session.token).rejects.toMatchObject({
    message: expect.stringContaining('neither `ibmcloud` nor `bx` is on the PATH'),
    hint: expect.stringContaining('`oauth-token`'),
  })
})

it.each([
  ['hangs', 'sleep $LONG'],
  ['starts a program that hangs', 'sleep $LONG & wait'],
  ['ignores SIGTERM', "trap '' TERM INT; while :; do sleep $LONG; done"],
])('kills a program that %s, and what it started, when the run is over', async (_, command) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cli-'))
  // No other process has such an argument.
  const long = `36${randomInt(1_000_000, 9_999_999)}`
  await writeFile(join(folder.path, 'ibmcloud'), `#!/bin/sh\n${command}\n`, { mode: 0o755 })
  vi.stubEnv('PATH', `${folder.path}:${process.env.PATH}`)
  vi.stubEnv('LONG', long)
  const controller = new AbortController()
  const token = readCliSession(process.env, controller.signal)
  token.catch(() => {})
  await vi.waitFor(async () => expect(await processesWith(long)).not.toEqual([]), 10_000)
  controller.abort(new ActionError('timeout', 'the time is over'))

  await expect(token).rejects.toMatchObject({
    code: 'timeout',
    message: 'Could not log in with `ibmcloud iam oauth-tokens`: the time is over',
  })
  const isLeft = async () => [...(await processesWith(long)), ...(await processesWith(folder.path))]
  await vi.waitFor(async () => expect(await isLeft()).toEqual([]), 10_000)
})

/** The arguments of running processes that have this text in them. */
async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(text))
}

it('fails when the program prints without end', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cli-'))
  await writeFile(join(folder.path, 'ibmcloud'), '#!/bin/sh\nexec yes\n', { mode: 0o755 })
  vi.stubEnv('PATH', `${folder.path}:${process.env.PATH}`)
  await expect(readCliSession(process.env, new AbortController().signal)).rejects.toThrow('it printed more than 1 MiB')
})

it('does not wait for a program that asks a question', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cli-'))
  await writeFile(join(folder.path, 'ibmcloud'), '#!/bin/sh\nread answer || exit 7\n', { mode: 0o755 })
  vi.stubEnv('PATH', `${folder.path}:${process.env.PATH}`)
  await expect(readCliSession(process.env, new AbortController().signal)).rejects.toThrow('failed with exit code 7')
})
