// A rotation that is killed after it has written one of three secrets, and the run after it.
import type { RecordedRequest } from '../../__tests__/support/http/exchange.ts'
import { tokenIdOf } from '../../__tests__/support/records.ts'
import type { StepResult } from '../../__tests__/support/runner/runner.ts'
import { isCredentialWrite } from './cluster.ts'
import { dedicatedStep, type Fact, type Mode, SECRET, type Session } from './mode.ts'
import { loginOf } from './objects.ts'
import { countPulls, failuresOf, startPullers } from './pullers.ts'
import { pairs, quote, say, section } from './terminal.ts'

const NAMESPACES = ['billing', 'search', 'shop'] as const

export const kill: Mode = {
  description: 'kill a run in the middle of a rotation; the next run finishes it',
  introduction:
    'A rotation in three namespaces is killed by SIGKILL after it has written the first secret, and its post step does not run either, as when the machine of a runner is lost. The next run finishes the rotation. A puller in each namespace pulls all the time.',
  namespaces: NAMESPACES,
  async show(session) {
    const inputs = { ...dedicatedStep(session), namespaces: NAMESPACES.join() }
    section('The first run creates the secrets')
    await session.run('The first run', { inputs })
    await using pullers = startPullers(session, NAMESPACES)

    section('A rotation, killed after its first write')
    const killed = await killAfterFirstWrite(session, { ...inputs, 'max-age': '0' })
    say()
    const halfway = await stateOf(session)
    quote(pairs(halfway.lines))

    section('The next run, without any special input')
    const next = await session.run('The next run', { inputs })
    say()
    const end = await stateOf(session)
    quote([pairs(end.lines), '', `During all runs: ${countPulls(pullers.pulls)}`].join('\n'))

    return [
      ['The rotation was killed', killed.signal === 'SIGKILL'],
      [
        'It left two live tokens: one namespace had the new one, two had the old one',
        halfway.live.length === 2 && new Set(halfway.held).size === 2,
      ],
      ['The secret of each namespace could still pull', halfway.canPull],
      [
        'The next run minted nothing: it continued with the token of the killed one',
        next.code === 0 && next.outputs.minted === 'false' && halfway.held.includes(next.outputs['token-id']),
      ],
      [
        'It left one live token, in all three namespaces',
        end.live.length === 1 && end.held.every((id) => id === end.live[0]) && end.canPull,
      ],
      [`From the first run to the end: ${countPulls(pullers.pulls)}`, hasOnlySuccesses(pullers.pulls)],
    ] satisfies Fact[]
  },
}

function hasOnlySuccesses(pulls: Parameters<typeof failuresOf>[0]): boolean {
  return pulls.length > 0 && failuresOf(pulls).length === 0
}

/** The writes come one after the other. The second one never arrives: then the step is killed. */
async function killAfterFirstWrite(session: Session, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  const { faults } = session.cluster
  const secondWrite = Promise.withResolvers<void>()
  let writes = 0
  const when = (request: RecordedRequest) => {
    if (!isCredentialWrite(request) || ++writes === 1) return false
    secondWrite.resolve()
    return true
  }
  faults.add({ when, fault: { kind: 'hang' } })
  const step = session.start('The killed run', { inputs: { ...inputs, concurrency: '1' } })
  await Promise.race([secondWrite.promise, step.result])
  step.kill('SIGKILL')
  const result = await step.result
  faults.clear()
  return result
}

/** The tokens that are alive, and the one that each namespace holds. */
async function stateOf({ ibm, cluster }: Session) {
  const live = ibm.liveTokens().map(({ id }) => id)
  const secrets = await Promise.all(
    NAMESPACES.map(async (name) => (await cluster.request('GET', `/api/v1/namespaces/${name}/secrets/${SECRET}`)).body),
  )
  const statuses = await Promise.all(
    secrets.map((secret) => {
      const { username, password } = loginOf(secret, ibm.registryHost)
      return ibm.pullsWith(username, password)
    }),
  )
  const held = secrets.map(tokenIdOf)
  const namespaces = NAMESPACES.map((name, index): [string, string] => {
    return [name, `token ${held[index]}, ${statuses[index] === 200 ? 'can pull' : 'cannot pull'}`]
  })
  const lines: [string, string][] = [['Tokens alive', live.join('\n')], ...namespaces]
  return { live, held, canPull: statuses.every((status) => status === 200), lines }
}
