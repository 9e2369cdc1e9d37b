// A run that ends before its time, and what its post step does about it.
import { expect, it, vi } from 'vitest'
import type { StepResult } from '../support/runner/runner.ts'
import { leaks } from '../support/secrecy.ts'
import { type Scene, type StepRequest, tell } from './harness.ts'

/** A moment of a run: a request of the step, which never gets its answer, whether or not the server acts. */
interface Moment {
  readonly request: StepRequest
  readonly fault: 'hang' | 'hang-after'
}

const beforeMint: Moment = { request: 'tokens POST', fault: 'hang' }
const afterMint: Moment = { request: 'tokens POST', fault: 'hang-after' }
const proof: Moment = { request: 'registry GET', fault: 'hang' }
const beforeWrite: Moment = { request: 'kubernetes PATCH /secrets/', fault: 'hang' }
const afterWrite: Moment = { request: 'kubernetes PATCH /secrets/', fault: 'hang-after' }
const wait: Moment = { request: 'kubernetes GET /pods', fault: 'hang' }

/** Runs until that moment, sends the signal, and lets the servers answer again. */
async function interrupt(
  scene: Scene,
  { request, fault }: Moment,
  signal: NodeJS.Signals,
  inputs: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  const planned = scene.plan(request, { kind: fault })
  const step = scene.start(inputs)
  await vi.waitFor(() => expect(planned.met).toBeGreaterThan(0), 20_000)
  step.kill(signal)
  const result = await step.result
  scene.ibm.faults.clear()
  scene.kube.faults.clear()
  return result
}

tell('a run that is killed', (openScene) => {
  it.each<[string, Moment]>([
    ['before the mint is done', beforeMint],
    ['when the mint is done and not answered', afterMint],
    ['while the new token is proven', proof],
    ['while the secret is written, before the API server acted', beforeWrite],
  ])('%s leaves no live token after its post step', async (_, moment) => {
    await using scene = await openScene()

    const main = await interrupt(scene, moment, 'SIGKILL')
    const post = await scene.post(main)

    expect(main.signal).toBe('SIGKILL')
    expect(post).toMatchObject({ code: 0, annotations: [] })
    expect(scene.ibm.liveTokens()).toEqual([])
    expect(await scene.secret()).toBeUndefined()
    expect([...leaks(scene, main), ...leaks(scene, post)]).toEqual([])
  })

  it.each<[string, Moment]>([
    ['when the secret is written and that is not answered', afterWrite],
    ['while its Pod is waited for', wait],
  ])('%s keeps the token that the secret holds, and the next run goes on with it', async (_, moment) => {
    await using scene = await openScene()
    const deployment = { image: scene.inputs['verify-image'] ?? '', 'pod-name': 'web' }

    const main = await interrupt(scene, moment, 'SIGKILL', deployment)
    await untilWritten(scene)
    const post = await scene.post(main, deployment)

    expect(post).toMatchObject({ code: 0, annotations: [] })
    const [token, ...more] = scene.ibm.liveTokens()
    expect(more).toEqual([])
    expect((await scene.secret()).metadata.annotations['registry-pull-secret/token-id']).toBe(token?.id)
    expect(await scene.ibm.pullsWith('token', token?.value ?? '')).toBe(200)

    const next = await scene.run(deployment)
    expect(next.outputs).toMatchObject({ minted: 'false', changed: 'false', 'token-id': token?.id })
  })

  it('keeps the old token of a target that was to get a new one', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()

    const main = await interrupt(scene, beforeWrite, 'SIGKILL', { 'max-age': '0' })
    await scene.post(main, { 'max-age': '0' })

    expect(scene.ibm.tokens()).toHaveLength(2)
    expect(scene.ibm.liveTokens()).toMatchObject([{ id: outputs['token-id'] }])
    expect((await scene.secret()).metadata.annotations['registry-pull-secret/token-id']).toBe(outputs['token-id'])
  })

  it('leaves a token alone when its post step cannot see whether the secret holds it, and says so', async () => {
    await using scene = await openScene()
    const main = await interrupt(scene, afterWrite, 'SIGKILL')
    await untilWritten(scene)
    scene.plan('kubernetes GET', { kind: 'status', status: 403, body: 'no' })

    const post = await scene.post(main)

    expect(post.code).toBe(0)
    expect(post.annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(
          `^Whether targets hold the token ${idOf(scene)} cannot be seen, .*Run the workflow again`,
        ),
      },
    ])
    expect(scene.ibm.liveTokens()).toHaveLength(1)
  })

  it('never tells a person to revoke the new token when it is a replaced one that its post step cannot revoke', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()
    const rotate = { 'max-age': '0' }
    const main = await interrupt(scene, afterWrite, 'SIGKILL', rotate)
    const isNew = async () => {
      const { metadata } = await scene.secret()
      expect(metadata.annotations['registry-pull-secret/token-id']).not.toBe(outputs['token-id'])
    }
    await vi.waitFor(isNew, 20_000)
    scene.plan('tokens DELETE', { kind: 'status', status: 403, body: 'no' })

    const post = await scene.post(main, rotate)

    const [warning, ...more] = post.annotations
    expect(more).toEqual([])
    expect(warning?.message).toContain(`Of the replaced tokens ${outputs['token-id']} some may be alive`)
    expect(warning?.message).toMatch(/DELETE \S+\/<id> /)
    expect(scene.ibm.liveTokens()).toHaveLength(2)
  })
})

tell('a run that is cancelled', (openScene) => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s while it proves the token revokes it, and says so', async (signal) => {
    await using scene = await openScene()

    const main = await interrupt(scene, proof, signal)

    expect(main).toMatchObject({ code: 1, signal: null })
    expect(main.annotations).toMatchObject([
      { level: 'error', message: expect.stringMatching(`reach the registry .*the job was cancelled \\(${signal}\\)`) },
    ])
    expect(main.log).toContain(`The new token ${idOf(scene)} was written nowhere: it is revoked.`)
    expect(scene.ibm.liveTokens()).toEqual([])

    scene.forget()
    expect(await scene.post(main)).toMatchObject({ code: 0, annotations: [] })
    expect(scene.requests()).toEqual([])
  })

  it('while it waits for the mint leaves it to the post step', async () => {
    await using scene = await openScene()

    const main = await interrupt(scene, afterMint, 'SIGINT')
    const post = await scene.post(main)

    expect(main).toMatchObject({ code: 1, signal: null })
    expect(post).toMatchObject({ code: 0, annotations: [] })
    expect(scene.requests(/^tokens POST/)).toHaveLength(1)
    expect(scene.ibm.tokens()).toMatchObject([{ revoked: true }])
  })
})

tell('the post step', (openScene) => {
  it('does nothing after a run without trouble, and nothing after one that minted nothing', async () => {
    await using scene = await openScene()
    const runs = [await scene.run(), await scene.run(), await scene.run({ organization: 'Nobody', 'max-age': '0' })]
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 1])
    scene.forget()

    for (const run of runs) expect(await scene.post(run)).toMatchObject({ code: 0, annotations: [] })

    expect(scene.requests()).toEqual([])
  })

  it('of a run that went on with the token of a faster one revokes its own mint alone', async () => {
    await using scene = await openScene()
    const main = await scene.run()
    const own = scene.ibm.mintToken({ description: 'own' })
    const state = {
      phase: 'writing',
      description: 'own',
      'token-id': own.id,
      'organization-guid': scene.ibm.organization.guid,
    }

    const held = await scene.post({ ...main, state: { ...state, 'brought-id': main.outputs['token-id'] ?? '' } })
    expect(held).toMatchObject({ code: 0, annotations: [] })
    expect(scene.ibm.liveTokens()).toMatchObject([{ id: main.outputs['token-id'] }])
  })

  it('never revokes the token of a faster run, though no target holds it yet', async () => {
    await using scene = await openScene()
    const [own, theirs] = [scene.ibm.mintToken({ description: 'own' }), scene.ibm.mintToken({ description: 'theirs' })]
    const main = await scene.run({ 'dry-run': 'true' })
    const state = {
      phase: 'writing',
      description: 'own',
      'token-id': own.id,
      'organization-guid': scene.ibm.organization.guid,
    }

    const post = await scene.post({ ...main, state: { ...state, 'brought-id': theirs.id } })
    expect(post).toMatchObject({ code: 0, annotations: [] })
    expect(scene.ibm.liveTokens()).toMatchObject([{ id: theirs.id }])
  })

  it('cannot log in again by a passcode: it warns, and says how to revoke the token', async () => {
    await using scene = await openScene()
    const passcode = { username: '', password: '', passcode: scene.ibm.login.passcode }

    const main = await interrupt(scene, proof, 'SIGKILL', passcode)
    const post = await scene.post(main, passcode)

    expect(post.code).toBe(0)
    expect(post.annotations).toEqual([{ level: 'warning', message: expect.any(String), properties: {} }])
    const [{ message = '' } = {}] = post.annotations
    for (const part of [idOf(scene), 'Invalid passcode', `DELETE ${scene.ibm.registry}/api/v1/tokens/${idOf(scene)}`]) {
      expect(message).toContain(part)
    }
    expect(leaks(scene, post)).toEqual([])
  })
})

/** An API server acts, whether or not somebody still listens. */
async function untilWritten({ secret }: Scene): Promise<void> {
  await vi.waitFor(async () => expect(await secret()).toBeDefined(), 20_000)
}

/** The id of the one token that was minted. */
function idOf({ ibm }: Scene): string {
  const [token] = ibm.tokens()
  if (token === undefined) throw new Error('No token was minted')
  return token.id
}
