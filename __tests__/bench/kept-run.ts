// A run that finds a token that is young and works, against one list of the secrets.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SECRET, step } from './action.ts'
import { bundle } from './bundle.ts'
import { median, whole } from './figures.ts'
import type { Harness } from './harness.ts'
import { type Ratio, wallRatio } from './ratio.ts'
import { inRounds } from './rounds.ts'

const [KEPT, LIST] = ['kept run', 'list']

export async function measureKeptRun(harness: Harness, size: number, rounds: number): Promise<readonly Ratio[]> {
  const namespaces = await harness.namespaces(size)
  const work = join(harness.folder, 'list.json')
  const path = `/api/v1/secrets?fieldSelector=metadata.name=${SECRET}`
  const list = await bundle(harness, 'list')
  // The secrets are there, also those of larger sizes that were measured before.
  await step(harness, namespaces, { maxAge: '0' })
  const count = (await harness.secrets(SECRET)).size
  await writeFile(work, JSON.stringify({ ...harness.cluster, path, count }))
  const runs = await inRounds(
    [
      { name: KEPT, run: () => step(harness, namespaces, { isMinting: false }) },
      { name: LIST, run: () => harness.command([process.execPath, list, work]) },
    ],
    rounds,
  )
  const what = `A kept run in ${whole(size)} namespaces`
  const requests = median((runs.get(KEPT) ?? []).map((run) => run.requests))
  return [
    wallRatio(runs, [KEPT, LIST], { what: `${what} ÷ one bare list of the secrets`, goal: '≤ 1.3' }),
    { what: `${what}: requests`, value: requests, goal: '≤ 6', rounds: undefined },
  ]
}
