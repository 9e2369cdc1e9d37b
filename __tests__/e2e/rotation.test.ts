// Later runs: what is kept, what is renewed, and what becomes of the replaced token.
import { expect, it } from 'vitest'
import type { StepResult } from '../support/runner/runner.ts'
import { leaks } from '../support/secrecy.ts'
import { type Scene, SECRET, tell } from './harness.ts'

// Access reviews are POSTs that change nothing.
const CHANGES = /^(tokens (POST|DELETE)|kubernetes (POST|PUT|PATCH|DELETE) (?!\S+accessreviews$))/

tell('a later run', (openScene) => {
  it('keeps a token that is young and works, and changes nothing', async () => {
    await using scene = await openScene()
    const first = await scene.run()
    const { metadata } = await scene.secret()
    scene.forget()

    const second = await scene.run()

    expect(second).toMatchObject({ code: 0, annotations: [] })
    expect(second.outputs).toMatchObject({ minted: 'false', changed: 'false', revoked: '[]', unrevoked: '[]' })
    expect(resultsOf(second)).toEqual(['unchanged'])
    for (const output of ['token', 'token-id', 'docker-config-json'] as const) {
      expect(second.outputs[output]).toBe(first.outputs[output])
    }
    // Not even a login: whoever keeps a token needs none.
    expect(scene.requests(/^(uaa|cf|tokens)/)).toEqual([])
    expect(scene.requests(CHANGES)).toEqual([])
    expect((await scene.secret()).metadata.resourceVersion).toBe(metadata.resourceVersion)
    expect(leaks(scene, second)).toEqual([])
  })

  it('replaces a token that is too old in place, and revokes it after the last write', async () => {
    await using scene = await openScene()
    const other = await scene.createNamespace()
    const namespaces = `${scene.namespace},${other}`
    const first = await scene.run({ namespaces })
    const before = await scene.secret()
    scene.forget()

    const second = await scene.run({ namespaces, 'max-age': '0' })

    const [old, current] = scene.ibm.tokens()
    expect(second).toMatchObject({ code: 0, annotations: [] })
    expect(old).toMatchObject({ id: first.outputs['token-id'], revoked: true })
    expect(current).toMatchObject({ id: second.outputs['token-id'], revoked: false })
    expect(second.outputs).toMatchObject({
      minted: 'true',
      changed: 'true',
      revoked: `["${old?.id}"]`,
      unrevoked: '[]',
    })
    expect(resultsOf(second)).toEqual(['updated', 'updated'])
    expect(scene.requests(CHANGES).map((request) => request.replace(/[^/]*\/secrets\//, '*/secrets/'))).toEqual([
      'tokens POST /api/v1/tokens',
      `kubernetes PATCH /api/v1/namespaces/*/secrets/${SECRET}`,
      `kubernetes PATCH /api/v1/namespaces/*/secrets/${SECRET}`,
      `tokens DELETE /api/v1/tokens/${old?.id}`,
    ])
    const after = await scene.secret()
    expect(after.metadata.uid).toBe(before.metadata.uid)
    expect(await heldBy(scene)).toBe(current?.id)
    expect(await heldBy(scene, other)).toBe(current?.id)
    expect(leaks(scene, second)).toEqual([])
  })

  it('replaces a token that somebody has revoked', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()
    scene.ibm.revokeToken(outputs['token-id'] ?? '')

    const second = await scene.run()

    expect(second).toMatchObject({ code: 0, annotations: [] })
    expect(second.outputs).toMatchObject({ minted: 'true', changed: 'true' })
    expect(scene.ibm.liveTokens()).toMatchObject([{ id: second.outputs['token-id'] }])
    expect(await heldBy(scene)).toBe(second.outputs['token-id'])
  })

  it('brings the token to a new namespace, and to one that has lost it, without a mint', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()
    const other = await scene.createNamespace()
    const namespaces = `${scene.namespace},${other}`

    const widened = await scene.run({ namespaces })
    await scene.kube.request('DELETE', `/api/v1/namespaces/${other}/secrets/${SECRET}`)
    const healed = await scene.run({ namespaces })

    expect([resultsOf(widened)[1], resultsOf(healed)[1]]).toEqual(['created', 'created'])
    expect([widened.outputs.minted, healed.outputs.minted]).toEqual(['false', 'false'])
    expect(scene.requests(/^tokens POST/)).toHaveLength(1)
    for (const namespace of [scene.namespace, other]) {
      expect(await heldBy(scene, namespace)).toBe(outputs['token-id'])
    }

    const rotated = await scene.run({ namespaces, 'max-age': '0' })
    expect(rotated.outputs).toMatchObject({ revoked: `["${outputs['token-id']}"]`, unrevoked: '[]' })
    expect(scene.ibm.liveTokens()).toHaveLength(1)
  })

  it('leaves the token alive that a namespace holds which it is not told of, and says why', async () => {
    await using scene = await openScene()
    const other = await scene.createNamespace()
    const { outputs } = await scene.run({ namespaces: `${scene.namespace},${other}` })

    const narrowed = await scene.run({ 'max-age': '0' })

    expect(narrowed.code).toBe(0)
    expect(narrowed.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
    expect(narrowed.log).toContain(`The replaced token ${outputs['token-id']} stays alive: `)
    expect(narrowed.summary).toMatch(new RegExp(`^\\| ${outputs['token-id']} \\| still alive: `, 'm'))
    expect(await heldBy(scene, other)).toBe(outputs['token-id'])
    expect(await scene.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)
  })

  it('revokes nothing when it is told never to', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()

    const second = await scene.run({ 'max-age': '0', revoke: 'never' })

    expect(second.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
    expect(second.log).toContain('`revoke` is never')
    expect(scene.ibm.liveTokens()).toHaveLength(2)
  })

  it('revokes nothing when a target has failed', async () => {
    await using scene = await openScene()
    const other = await scene.createNamespace()
    const namespaces = `${scene.namespace},${other}`
    const { outputs } = await scene.run({ namespaces })
    scene.plan(`kubernetes PATCH /namespaces/${other}/`, { kind: 'status', status: 403, body: 'no' })

    const second = await scene.run({ namespaces, 'max-age': '0' })

    expect(second.code).toBe(1)
    expect(resultsOf(second)).toEqual(['updated', 'failed'])
    expect(second.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
    expect(await scene.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)
    expect(await heldBy(scene, other)).toBe(outputs['token-id'])
  })

  it('only says what it would do when it is dry, after the API server has checked it', async () => {
    await using scene = await openScene()
    const deployment = { image: scene.inputs['verify-image'] ?? '', 'pod-name': 'web' }

    const planned = await scene.run({ ...deployment, 'dry-run': 'true' })

    expect(planned).toMatchObject({ code: 0, annotations: [] })
    expect(resultsOf(planned)).toEqual(['planned'])
    expect(JSON.parse(planned.outputs.workloads ?? '')).toMatchObject([{ kind: 'Pod', name: 'web', result: 'planned' }])
    expect(planned.outputs.changed).toBe('false')
    expect(scene.requests(/^(uaa|tokens)/)).toEqual([])
    expect(scene.requests(/secrets/)).toContain(`kubernetes PATCH ${path(scene, 'secrets', SECRET)}`)
    expect(await scene.secret()).toBeUndefined()
    expect((await scene.kube.request('GET', path(scene, 'pods', 'web'))).status).toBe(404)
  })

  it('leaves the stored token as it is when it is dry', async () => {
    await using scene = await openScene()
    await scene.run()
    const before = await scene.secret()

    const planned = await scene.run({ 'max-age': '0', 'dry-run': 'true' })

    expect(resultsOf(planned)).toEqual(['planned'])
    expect((await scene.secret()).metadata.resourceVersion).toBe(before.metadata.resourceVersion)
    expect(scene.ibm.tokens()).toMatchObject([{ revoked: false }])
  })

  it('fails and mints nothing while the registry cannot tell whether the stored token works', async () => {
    await using scene = await openScene()
    await scene.run()
    scene.forget()
    scene.plan('registry GET', { kind: 'status', status: 503, body: 'down' })

    const second = await scene.run()

    expect(second.code).toBe(1)
    expect(second.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining('answered 503 down') },
    ])
    expect(scene.requests(CHANGES)).toEqual([])
    expect(scene.requests(/^tokens/)).toEqual([])
    expect(scene.ibm.liveTokens()).toHaveLength(1)
  })
})

function path({ namespace }: Scene, resource: string, name: string): string {
  return `/api/v1/namespaces/${namespace}/${resource}/${name}`
}

function resultsOf({ outputs }: StepResult): string[] {
  return (JSON.parse(outputs.targets ?? '[]') as { result: string }[]).map(({ result }) => result)
}

/** The id of the token that a namespace's secret says to hold. */
async function heldBy({ secret }: Scene, namespace?: string): Promise<string | undefined> {
  return (await secret(namespace))?.metadata.annotations['registry-pull-secret/token-id']
}
