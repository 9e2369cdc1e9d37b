// Many writes while other clients edit the same objects all the time.
import { expect, it } from 'vitest'
import type { DesiredSecret } from '../../../src/pull-secret/desired.ts'
import { attachAll } from '../../../src/pull-secret/service-account.ts'
import { observeTargets } from '../../../src/pull-secret/targets.ts'
import { writeAll } from '../../../src/pull-secret/write-all.ts'
import { connectTo } from '../../support/connect-to.ts'
import { hasRealServers } from '../../support/describe-real.ts'
import { base64, pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { accountEditor, editTogether, hostEditor, noteEditor } from '../../support/kubernetes/editors.ts'
import type { KubernetesObject } from '../../support/kubernetes/resources.ts'
import { secretOf } from './desired-secret.ts'
import { HOST, owner } from './stored-record.ts'

/** On the fake fewer are enough: it shows that the tests work, and the real server shows that the action does. */
const ROUNDS = hasRealServers(['etcd', 'kube-apiserver']) ? 200 : 50

describeServers((server) => {
  /** How many writes of the action the server rejected because another client was faster. */
  const collisions = () =>
    server().journal.filter(({ method, status, headers }) => {
      return method === 'PATCH' && status === 409 && headers['user-agent']?.startsWith('registry-pull-secret/')
    }).length

  it('keep every edit of a service account, and the action keeps theirs', { timeout: 180_000 }, async () => {
    await server().createNamespace('edited-account')
    const target = { cluster: connectTo(server()), namespace: 'edited-account' }
    const outcome = { ...target, status: 'created', replaced: { kind: 'absent' } } as const
    const signal = new AbortController().signal
    server().journal.length = 0

    const { versions, edits, losses } = await editTogether(
      server(),
      '/api/v1/namespaces/edited-account/serviceaccounts',
      'default',
      [accountEditor('a'), accountEditor('b'), accountEditor('c')],
      async () => {
        for (let round = 0; round < ROUNDS; round++) {
          const options = { secretName: `pull-${round}`, dryRun: false, signal }
          const [attached] = await attachAll([outcome], ['default'], options)
          expect(attached?.serviceAccounts).toEqual([{ name: 'default', result: 'updated' }])
        }
      },
    )
    expect(losses).toEqual([])
    for (const count of Object.values(edits)) expect(count).toBeGreaterThan(20)
    expect(collisions()).toBeGreaterThan(20)

    const ours = versions.map(({ imagePullSecrets = [] }: KubernetesObject) =>
      imagePullSecrets.map(({ name }: { name: string }) => name).filter((name: string) => name.startsWith('pull-')),
    )
    const all = Array.from({ length: ROUNDS }, (_, round) => `pull-${round}`)
    expect(ours.at(-1)).toEqual(all)
    expect(ours.filter((names) => names.join() !== all.slice(0, names.length).join())).toEqual([])
    expect(ours.map(({ length }) => length)).toEqual(ours.map(({ length }) => length).toSorted((a, b) => a - b))
  })

  it('keep every edit of a pull secret, and the action keeps theirs', { timeout: 180_000 }, async () => {
    const namespace = 'edited-secret'
    await server().createNamespace(namespace)
    const config = JSON.stringify({ auths: { 'still.example.com': { auth: 'eA==' } } })
    await server().request('POST', secretsOf(namespace), pullSecret('pull', config))
    const cluster = connectTo(server())
    server().journal.length = 0

    const { versions, edits, losses } = await editTogether(
      server(),
      secretsOf(namespace),
      'pull',
      [hostEditor('a'), hostEditor('b'), noteEditor('c')],
      async () => {
        for (let round = 0; round < ROUNDS; round++) {
          const observed = await observeTargets([{ cluster, namespace }], { name: 'pull', adopt: true, owner })
          const [written] = await writeAll(observed, desiredSecret(round), false)
          expect(written).toMatchObject({ status: 'updated' })
        }
      },
    )
    expect(losses).toEqual([])
    for (const count of Object.values(edits)) expect(count).toBeGreaterThan(20)
    expect(collisions()).toBeGreaterThan(20)

    const configs = versions.map(({ data }) => JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString()))
    const ours = configs.map(({ auths }) => Number(auths[HOST]?.password.split('-')[1] ?? -1))
    expect(new Set(ours).size).toBe(ROUNDS + 1)
    expect(ours).toEqual(ours.toSorted((a, b) => a - b))
    expect(configs.filter(({ auths }) => auths['still.example.com']?.auth !== 'eA==')).toEqual([])
    expect(configs.at(-1).auths[HOST].auth).toBe(base64(`token:password-${ROUNDS - 1}`))
  })
})

function desiredSecret(round: number): DesiredSecret {
  const mintedAt = new Date(Date.UTC(2025, 10, 23, 10, 0, round))
  return { ...secretOf(`password-${round}`, `id-${round}`, { mintedAt }), adopt: true }
}
