// A credential that the registry refuses: what the run says, and what is left in the cluster.
import { applyMasks } from '../../__tests__/support/runner/log.ts'
import { type Fact, type Mode, SECRET, type Session } from './mode.ts'
import { get } from './objects.ts'
import { countPulls, failuresOf, startPullers } from './pullers.ts'
import { pairs, quote, section } from './terminal.ts'

const PULLERS = 3

export const fail: Mode = {
  description: 'run with a password that the registry refuses; Pods keep pulling with the stored one',
  introduction:
    'The workflow provides the password for the registry (provider: static). One day it is a token that was revoked. The run fails before it writes anything, and Pods keep pulling with the credential that the secret holds.',
  namespaces: ['shop'],
  async show(session) {
    const { ibm, cluster } = session
    const stored = ibm.mintToken()
    const refused = ibm.mintToken()
    ibm.revokeToken(refused.id)

    section('A run with a password that works')
    await session.run('The password works', { inputs: staticStep(session, stored.value) })
    const before = await get(cluster, `secrets/${SECRET}`)
    await using pullers = startPullers(session, Array(PULLERS).fill(cluster.namespace))

    section('A run with a revoked token: its log')
    const run = await session.run('The registry refuses the password', { inputs: staticStep(session, refused.value) })

    section('Its annotation')
    const [annotation] = run.annotations
    quote(
      pairs([
        ['Level', annotation?.level ?? ''],
        ['Title', annotation?.properties.title ?? ''],
        ['Message', annotation?.message ?? ''],
      ]),
    )

    section('Its job summary')
    quote(applyMasks(run.summary, run.masks))

    section('In the cluster')
    const after = await get(cluster, `secrets/${SECRET}`)
    quote(
      pairs([
        ['Before', `resourceVersion ${before.metadata.resourceVersion}`],
        ['After', `resourceVersion ${after.metadata.resourceVersion}`],
        ['Pods', countPulls(pullers.pulls)],
      ]),
    )

    section('The next run, with the password corrected')
    const fixed = await session.run('The password is corrected', { inputs: staticStep(session, stored.value) })
    const link = /\btroubleshooting\.md#\S+$/.exec(annotation?.message ?? '')?.[0]
    return [
      ['The run failed, with one error', run.code === 1 && run.annotations.length === 1],
      [`The annotation links to ${link ?? 'its documentation'}`, link !== undefined],
      ['The summary says that Pods keep pulling as before', /Pods keep pulling\W+As before/.test(run.summary)],
      [
        'The secret was not touched: the same resourceVersion and the same data',
        before.metadata.resourceVersion === after.metadata.resourceVersion &&
          JSON.stringify(before.data) === JSON.stringify(after.data),
      ],
      [
        `While the workflow was broken: ${countPulls(pullers.pulls)}`,
        pullers.pulls.length > 0 && failuresOf(pullers.pulls).length === 0,
      ],
      ['The next run with the right password succeeded', fixed.code === 0],
    ] satisfies Fact[]
  },
}

function staticStep({ ibm, cluster }: Session, password: string): Record<string, string> {
  return {
    provider: 'static',
    'docker-server': ibm.registryHost,
    'docker-username': 'token',
    'docker-password': password,
    'verify-image': `${ibm.image.repository}:${ibm.image.tag}`,
    'secret-name': SECRET,
    namespaces: cluster.namespace,
    kubeconfig: cluster.kubeconfig,
  }
}
