// What the start of the action costs: a run that fails on its inputs, and one that writes a single secret.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireBinary } from '../support/binaries.ts'
import { staticInputs } from '../support/ibm/inputs.ts'
import type { Harness, Run } from './harness.ts'
import { type Ratio, wallRatio } from './ratio.ts'
import { inRounds } from './rounds.ts'

const NOTHING = 'nothing'
const INPUT_ERROR = 'input error'
const ONE_SECRET = 'one secret'
const ONE_APPLY = 'one apply'

/** Secrets of that name are written, each by one contestant. */
const [OURS, THEIRS] = ['start-up', 'start-up-kubectl']

export async function measureStartUp(harness: Harness, rounds: number): Promise<readonly Ratio[]> {
  const [namespace = ''] = await harness.namespaces(1)
  const measured = [
    { name: NOTHING, run: () => harness.command([process.execPath, '--eval', '0']) },
    { name: INPUT_ERROR, run: () => failOnInput(harness) },
    { name: ONE_SECRET, run: () => writeOne(harness, namespace) },
    { name: ONE_APPLY, run: () => applyOne(harness, namespace) },
  ]
  const runs = await inRounds(measured, rounds)
  const wrote = 'One secret written and verified (`provider: static`)'
  return [
    wallRatio(runs, [INPUT_ERROR, NOTHING], { what: 'An input error ÷ `node -e 0`', goal: '≤ 1.15' }),
    wallRatio(runs, [ONE_SECRET, NOTHING], { what: `${wrote} ÷ \`node -e 0\``, goal: '≤ 2.8' }),
    wallRatio(runs, [ONE_SECRET, ONE_APPLY], {
      what: `${wrote} ÷ one \`kubectl apply --server-side\` of the same secret`,
      goal: '≤ 1',
    }),
  ]
}

async function failOnInput(harness: Harness): Promise<Run> {
  const { run, result } = await harness.step({ 'max-age': 'soon' })
  if (result.code !== 1 || result.annotations.length !== 1) throw new Error(result.log)
  return run
}

/** Another token each time. */
async function writeOne(harness: Harness, namespace: string): Promise<Run> {
  const { value } = harness.ibm.mintToken()
  const inputs = { ...staticInputs(harness.ibm, value), 'secret-name': OURS, namespaces: namespace }
  const { run, result } = await harness.step(inputs)
  if (result.code !== 0 || result.outputs.changed !== 'true') throw new Error(result.log)
  return run
}

async function applyOne(harness: Harness, namespace: string): Promise<Run> {
  const ours = (await harness.secrets(OURS)).get(namespace)
  const { labels, annotations } = ours?.metadata ?? {}
  const metadata = { name: THEIRS, namespace, labels, annotations }
  const file = join(harness.folder, 'one-secret.json')
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'Secret', ...ours, metadata }))
  return await harness.command([requireBinary('kubectl'), 'apply', `--filename=${file}`, '--server-side'])
}
