// The runner of the tests finds a secret wherever a step shows one: here a step that does nothing else.
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runStep } from '../runner/runner.ts'
import { SecretLeaked } from './leaks.ts'

const SECRET = 'correct horse <battery> staple'

const PRELUDE = `
import { appendFileSync } from 'node:fs'
import { execFileSync, spawn } from 'node:child_process'
const secret = process.env.INPUT_PASSWORD
const add = (variable, path, text) => appendFileSync(process.env[variable] + path, text)
`

/** The leaks of a step that runs this script, with the secret as `secret`. */
async function leaksOf(script: string, onLeaks = true): Promise<readonly string[]> {
  await using dist = await mkdtempDisposable(join(tmpdir(), 'dist-'))
  await writeFile(join(dist.path, 'package.json'), '{"type":"module"}')
  await writeFile(join(dist.path, 'index.js'), PRELUDE + script)
  let found: readonly string[] = []
  const collect = (leaks: readonly string[]) => {
    found = leaks
  }
  await runStep({ dist: dist.path, inputs: { password: SECRET }, ...(onLeaks && { onLeaks: collect }) })
  return found
}

it.concurrent.each([
  ['stdout', 'console.log(secret)'],
  ['stderr', 'console.error(secret)'],
  ['debug messages', 'console.log("::debug::" + secret)'],
  ['annotations', 'console.log("::error title=" + secret + "::failed")'],
  ['log', 'console.log("::warning::" + encodeURIComponent(secret).replaceAll("%", "%25"))'],
  ['outputs', 'add("GITHUB_OUTPUT", "", "targets=" + secret + "\\ntargets=[]\\n")'],
  ['summary', 'add("GITHUB_STEP_SUMMARY", "", secret)'],
  ['rendered summary', 'add("GITHUB_STEP_SUMMARY", "", secret.replaceAll("<", "\\\\<"))'],
  ['state', 'add("GITHUB_STATE", "", "password=" + secret + "\\n")'],
  ['GITHUB_ENV', 'add("GITHUB_ENV", "", "PASSWORD=" + secret + "\\n")'],
  ['GITHUB_PATH', 'add("GITHUB_PATH", "", "/" + secret + "\\n")'],
  ['arguments of a process', 'spawn("true", ["--password", secret])'],
  ['arguments of a process', 'execFileSync("true", ["--password=" + secret])'],
  ['home/config', 'add("HOME", "/config", secret)'],
  ['temp/config', 'add("RUNNER_TEMP", "/config", btoa("user:" + secret))'],
  ['workspace/config', 'add("GITHUB_WORKSPACE", "/config", JSON.stringify({ secret }))'],
])('finds a secret in %s', async (place, script) => {
  const leaks = await leaksOf(script)
  expect(leaks.filter((leak) => new RegExp(`^\\S*${place}: .* of the input password: `).test(leak))).toHaveLength(1)
})

it('finds none where the step may show one: in the masks, and in the outputs that are secrets', async () => {
  const outputs = 'add("GITHUB_OUTPUT", "", "token=" + secret + "\\ndocker-config-json<<E\\n" + secret + "\\nE\\n")'
  const commands = 'console.log("::add-mask::" + secret + "\\n::set-output name=token::" + secret)'
  expect(await leaksOf(`${outputs}\n${commands}`)).toEqual([])
})

it('fails a test that does not ask for the leaks', async () => {
  await expect(leaksOf('console.log(secret)', false)).rejects.toThrow(SecretLeaked)
})
