// 200 namespaces: the first run, a run after one secret was deleted, and a run that has nothing to do.
import type { StepResult } from '../../__tests__/support/runner/runner.ts'
import { isOfStep } from './cluster.ts'
import { dedicatedStep, type Mode, SECRET, type Session } from './mode.ts'
import { print, section } from './terminal.ts'
import { seconds } from './timeline.ts'

const COUNT = 200
const NAMES = Array.from({ length: COUNT }, (_, index) => `team-${String(index + 1).padStart(3, '0')}`)
const DELETED = 'team-042'
/** Of a run that changes nothing, to all servers: it lists the secrets, and verifies the token. */
const MAX_REQUESTS_OF_NOTHING = 20

interface Measured {
  readonly title: string
  readonly result: StepResult
  readonly ms: number
  readonly toCluster: number
  readonly toEnvironment: number
  /** Targets by what the run did to them. */
  readonly counts: Readonly<Record<string, number>>
}

export const many: Mode = {
  description: `keep the secrets of ${COUNT} namespaces; repair one; run again with nothing to do`,
  introduction: `One step keeps the secret of ${COUNT} namespaces, which it finds by the glob team-*. Then an administrator deletes one of the secrets, and the step runs again, twice.`,
  namespaces: ['default', ...NAMES],
  async show(session) {
    const { ibm, cluster } = session
    const inputs = { ...dedicatedStep(session), namespaces: 'team-*' }
    section('The first run: one token for all')
    const first = await measure(session, 'The first run', inputs)

    section(`The secret of ${DELETED} is deleted, and the step runs again`)
    await cluster.request('DELETE', `/api/v1/namespaces/${DELETED}/secrets/${SECRET}`)
    const second = await measure(session, 'One secret was missing', inputs)

    section('And again: there is nothing to do')
    const third = await measure(session, 'Nothing to do', inputs)

    section('Time and requests')
    printTable([first, second, third])
    const tokenId = first.result.outputs['token-id']
    return [
      [
        `The first run created ${COUNT} secrets with one token`,
        first.counts.created === COUNT && first.result.outputs.minted === 'true',
      ],
      [
        `The second run created 1 secret and left ${COUNT - 1} as they were`,
        second.counts.created === 1 && second.counts.unchanged === COUNT - 1,
      ],
      ['It used the same token: nothing was minted', second.result.outputs['token-id'] === tokenId],
      [
        `The third run changed nothing, with ${third.toCluster + third.toEnvironment} requests for ${COUNT} namespaces`,
        third.result.outputs.changed === 'false' && third.toCluster + third.toEnvironment <= MAX_REQUESTS_OF_NOTHING,
      ],
      [
        'One token is alive',
        ibm
          .liveTokens()
          .map(({ id }) => id)
          .join() === tokenId,
      ],
    ]
  },
}

async function measure(session: Session, title: string, inputs: Readonly<Record<string, string>>): Promise<Measured> {
  const { ibm, cluster } = session
  const [kubernetes, environment] = [cluster.journal.length, ibm.journal.length]
  const start = performance.now()
  const result = await session.run(title, { inputs })
  const ms = performance.now() - start
  const requests = cluster.journal.slice(kubernetes).filter(isOfStep)
  const targets: readonly { readonly result: string }[] = JSON.parse(result.outputs.targets || '[]')
  const byResult = Map.groupBy(targets, ({ result }) => result)
  return {
    title,
    result,
    ms,
    toCluster: requests.length,
    toEnvironment: ibm.journal.slice(environment).filter(isOfStep).length,
    counts: Object.fromEntries([...byResult].map(([name, { length }]) => [name, length])),
  }
}

function printTable(runs: readonly Measured[]): void {
  const rows = [
    ['', 'took', 'created', 'unchanged', 'to cluster', 'to IBM'],
    ...runs.map(({ title, ms, counts, toCluster, toEnvironment }) => [
      title,
      seconds(ms),
      String(counts.created ?? 0),
      String(counts.unchanged ?? 0),
      String(toCluster),
      String(toEnvironment),
    ]),
  ]
  for (const [title = '', ...cells] of rows) {
    print(title.padEnd(22) + cells.map((cell, index) => cell.padStart(COLUMNS[index] ?? 0)).join(''))
  }
}

/** Their widths. */
const COLUMNS = [8, 9, 11, 12, 8]
