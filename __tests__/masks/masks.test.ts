// The action without one of its masks: for each of them there is a run that shows a secret, or that uses one which the runner
// does not know. Where other calls mask the same value, they are left out together: one of them alone changes nothing.
import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOurs, openFakeScenario } from '../e2e/harness.ts'
import { startGithubOidc } from '../support/github-oidc.ts'
import { runStep } from '../support/runner/runner.ts'
import { scenarios } from './scenarios.ts'
import { buildWithMaskSwitches, findMaskSites, MASK_CALLS, UNMASKED } from './sites.ts'
import { unmaskedIn } from './unmasked.ts'

interface Run {
  /** The secrets that it shows, or uses without a mask. */
  readonly found: readonly string[]
  /** Which sites mask the same value as a site that it calls, itself included. */
  readonly companions: ReadonlyMap<string, ReadonlySet<string>>
}

const sites = findMaskSites()
const builds = new AsyncDisposableStack()
const complete = new Map<string, Promise<Run>>()
let dist = ''

beforeAll(async () => {
  const folder = builds.use(await mkdtempDisposable(join(tmpdir(), 'masks-')))
  dist = join(folder.path, 'dist')
  await buildWithMaskSwitches(sites, dist)
  // The steps start faster with Node's cache of compiled code, here that of this build.
  process.env.NODE_COMPILE_CACHE = join(folder.path, 'compile-cache')
})
afterAll(() => builds.disposeAsync())

async function runWithout(ids: Iterable<string>, name: string): Promise<Run> {
  await using scenario = await openFakeScenario()
  await using github = await startGithubOidc('cluster')
  await using folder = await mkdtempDisposable(join(tmpdir(), 'masks-'))
  const prepare = scenarios[name]
  if (prepare === undefined) throw new Error(`no scenario ${name}`)
  await using resources = new AsyncDisposableStack()
  const step = await prepare({ scenario, folder: folder.path, github, resources })
  scenario.forget()
  const calls = join(folder.path, 'calls')
  const found: string[] = []
  const result = await runStep({
    inputs: { ...scenario.inputs, ...step.inputs },
    env: { ...step.env, [UNMASKED]: [...ids].join('\n'), [MASK_CALLS]: calls },
    dist,
    onLeaks: (leaks) => found.push(...leaks),
  })
  const journal = [...scenario.ibm.journal, ...scenario.kube.journal, ...github.journal, ...(step.journal ?? [])]
  found.push(...unmaskedIn(journal.filter(isOurs), result))
  found.push(...(step.received ?? []).filter((value) => !result.masks.includes(value)))
  return { found, companions: companionsIn(await readFile(calls, 'utf8').catch(() => '')) }
}

function companionsIn(calls: string): Map<string, Set<string>> {
  const byValue = new Map<string, Set<string>>()
  const lines = calls.split('\n').filter((line) => line !== '')
  const parsed = lines.map((line) => JSON.parse(line) as { id: string; hashes: string[] })
  for (const { id, hashes } of parsed) {
    for (const hash of hashes) byValue.set(hash, (byValue.get(hash) ?? new Set()).add(id))
  }
  const companions = new Map<string, Set<string>>()
  for (const { id, hashes } of parsed) {
    const same = hashes.flatMap((hash) => [...(byValue.get(hash) ?? [])])
    companions.set(id, new Set([...(companions.get(id) ?? []), ...same]))
  }
  return companions
}

/** The run with all masks, once. */
function completeRun(name: string): Promise<Run> {
  const known = complete.get(name) ?? runWithout([], name)
  complete.set(name, known)
  return known
}

describe.concurrent('with all masks', () => {
  it.each(Object.keys(scenarios))('nothing is shown when %s', async (name) => {
    const { found, companions } = await completeRun(name)
    expect(found).toEqual([])
    expect(companions.size).toBeGreaterThan(0)
  })
})

describe.concurrent('a secret is shown without', () => {
  it.each(sites.map(({ id }) => id))('%s', async (id) => {
    const alone: string[] = []
    const together: string[] = []
    const calls = []
    for (const name of Object.keys(scenarios)) {
      const companions = (await completeRun(name)).companions.get(id)
      if (companions !== undefined) calls.push({ name, companions })
    }
    // Where fewer calls mask the same value, one of them is more likely to be noticed.
    calls.sort((one, other) => one.companions.size - other.companions.size)
    for (const { name } of calls) {
      alone.push(...(await runWithout([id], name)).found)
      if (alone.length > 0) return
    }
    for (const { name, companions } of calls) {
      together.push(...(await runWithout(companions, name)).found)
      if (together.length > 0) return
    }
    expect.fail(`No scenario notices it: ${calls.map(({ name }) => name).join('; ') || 'none of them calls it'}`)
  })
})
