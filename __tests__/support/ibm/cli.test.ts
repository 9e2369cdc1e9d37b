import { spawnSync } from 'node:child_process'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type CliSession, IAM_TOKEN, installCli } from './cli.ts'

async function run(session: CliSession, ...args: string[]) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cli-'))
  const path = await installCli(folder.path, session)
  expect(path).toBe(join(folder.path, session.name ?? 'ibmcloud'))
  const { status, stdout, stderr } = spawnSync(path, args.length === 0 ? ['iam', 'oauth-tokens'] : args)
  return { status, stdout: String(stdout), stderr: String(stderr) }
}

const iamLine = `IAM token:  Bearer ${IAM_TOKEN}\n`

it.each([
  ['both tokens', { uaaToken: 'a.b.c' }, `${iamLine}UAA token:  Bearer a.b.c\n`],
  ['an indented line', { uaaToken: 'a.b.c', indented: true }, `${iamLine}    UAA token:  Bearer a.b.c\n`],
  ['the IAM line only', { name: 'bx' as const }, iamLine],
])('prints %s', async (_, session, stdout) => {
  expect(await run(session)).toEqual({ status: 0, stdout, stderr: '' })
})

it('fails without a session, and on any other command', async () => {
  const stderr = "FAILED\nNot logged in. Use 'ibmcloud login' to log in.\n"
  expect(await run({ loggedOut: true })).toEqual({ status: 1, stdout: '', stderr })
  expect(await run({ uaaToken: 'a.b.c' }, 'cr', 'login')).toMatchObject({ status: 1, stdout: '' })
})
