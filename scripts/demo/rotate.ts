// A rotation while nodes keep pulling, and the same rotation by a script that deletes the secret before it creates it.
import { setTimeout as sleep } from 'node:timers/promises'
import { isCredentialWrite, isOfStep } from './cluster.ts'
import { COMMANDS, describeKubectl, rotateByScript } from './delete-then-create.ts'
import { dedicatedStep, type Mode, type Session } from './mode.ts'
import { countPulls, failuresOf, type Pull, pullsBetween, startPullers } from './pullers.ts'
import { faint, quote, quoteAsIs, say, section } from './terminal.ts'
import { type Moment, type Span, timeline } from './timeline.ts'

const PULLERS = 6
/** Before and after each rotation. */
const MARGIN_MS = 500
/** A pull fails only when it begins while there is no secret, which takes some tens of milliseconds. */
const MAX_SCRIPT_RUNS = 5

export const rotate: Mode = {
  description: 'rotate while nodes keep pulling, and compare with a script that deletes and creates the secret',
  introduction:
    'A rotation replaces the token that six pullers use all the time. Each pull reads the secret, logs in and asks for the image, as a kubelet does for a Pod with imagePullPolicy: Always. Then a script rotates the same secret by delete and create.',
  namespaces: ['shop'],
  async show(session) {
    const { ibm, cluster } = session
    const inputs = { ...dedicatedStep(session), namespaces: cluster.namespace }
    section('The first run creates the secret')
    await session.run('The first run', { inputs })
    const [old] = ibm.liveTokens()

    await using pullers = startPullers(session, Array(PULLERS).fill(cluster.namespace))
    const observe = async (rotation: () => Promise<void>): Promise<Span> => {
      const from = Date.now()
      await sleep(MARGIN_MS)
      await rotation()
      await sleep(MARGIN_MS)
      return { from, to: Date.now() }
    }

    section('A rotation by this action: max-age 0')
    let newId: string | undefined
    const byAction = await observe(async () => {
      newId = (await session.run('The rotation', { inputs: { ...inputs, 'max-age': '0' } })).outputs['token-id']
    })
    const live = ibm.liveTokens().map(({ id }) => id)
    const during = pullsBetween(pullers.pulls, byAction)
    say()
    quoteAsIs([...timeline(during, momentsOf(session, byAction), byAction), '', countPulls(during)])

    section('The same rotation by a script')
    quote(COMMANDS)
    say(faint(describeKubectl(session)))
    say()
    let script = await observeScript(session, pullers.pulls, observe)
    for (let runs = 1; failuresOf(script.pulls).length === 0 && runs < MAX_SCRIPT_RUNS; runs++) {
      say(`No pull began between delete and create: ${countPulls(script.pulls)}. The script runs again.`)
      script = await observeScript(session, pullers.pulls, observe)
    }
    const compared = script.pulls
    quoteAsIs([...timeline(compared, script.moments, script), '', countPulls(compared)])
    for (const [index, message] of [...new Set(failuresOf(compared).map(({ error = '' }) => error))].entries()) {
      if (index === 0) say()
      quote(message)
    }

    const usedBy = (id: string | undefined) => during.filter(({ tokenId }) => tokenId === id).length
    return [
      [`The action: ${countPulls(during)}`, during.length > 0 && failuresOf(during).length === 0],
      [
        `${usedBy(old?.id)} of these pulls used the old token, ${usedBy(newId)} the new one`,
        usedBy(old?.id) > 0 && usedBy(newId) > 0 && old?.id !== newId,
      ],
      ['After the rotation only the new token was alive', live.length === 1 && live[0] === newId],
      [`The script: ${countPulls(compared)}`, failuresOf(compared).length > 0],
    ]
  },
}

async function observeScript(
  session: Session,
  pulls: readonly Pull[],
  observe: (rotation: () => Promise<void>) => Promise<Span>,
) {
  const moments: Moment[] = []
  const span = await observe(() => rotateByScript(session, (text) => moments.push({ at: Date.now(), text })))
  return { ...span, moments, pulls: pullsBetween(pulls, span) }
}

/** What the step did, as the servers saw it. */
function momentsOf({ ibm, cluster }: Session, { from, to }: Span): Moment[] {
  const requests = [...ibm.journal, ...cluster.journal].filter(
    (entry) => isOfStep(entry) && entry.at.getTime() >= from && entry.at.getTime() < to,
  )
  const described = [
    ['minted the new token', requests.find(({ server, method }) => server === 'tokens' && method === 'POST')],
    ['replaced it in the secret, in place', requests.find(isCredentialWrite)],
    ['revoked the old token', requests.find(({ server, method }) => server === 'tokens' && method === 'DELETE')],
  ] as const
  return described.flatMap(([text, request]) => (request === undefined ? [] : [{ at: request.at.getTime(), text }]))
}
