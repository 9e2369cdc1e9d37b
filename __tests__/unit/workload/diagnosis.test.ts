import { describe, expect, it } from 'vitest'
import { type Circumstances, diagnose } from '../../../src/workload/diagnosis.ts'

const IMAGE = 'registry.example.com/team/app:1'
const APPLIED = '2026-11-23T12:00:00Z'
const [BEFORE, AFTER] = ['2026-11-23T11:50:00Z', '2026-11-23T12:00:30Z']
const UNAUTHORIZED = 'failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized'
const NOT_FOUND = `failed to resolve reference "${IMAGE}": ${IMAGE}: not found`

const waiting = (reason: string, message = '', change: object = {}) => ({
  name: 'main',
  image: IMAGE,
  state: { waiting: { reason, message } },
  ...change,
})
const pod = (status: object, { image = IMAGE, created = AFTER } = {}) => ({
  metadata: { name: 'web', namespace: 'shop', uid: 'u', creationTimestamp: created },
  spec: { containers: [{ name: 'main', image }], initContainers: [{ name: 'first', image }] },
  status,
})
const pulling = (reason = 'ImagePullBackOff', options: { image?: string; created?: string } = {}) =>
  pod({ containerStatuses: [waiting(reason, `Back-off pulling image "${options.image ?? IMAGE}"`)] }, options)
const failed = (message: string, change: object = {}, image = IMAGE) => ({
  reason: 'Failed',
  message: `Failed to pull image "${image}": rpc error: code = Unknown desc = ${message}`,
  firstTimestamp: AFTER,
  lastTimestamp: AFTER,
  count: 1,
  ...change,
})
const circumstances = (change: Partial<Circumstances> = {}): Circumstances => ({
  secret: { name: 'pull', hosts: ['registry.example.com'] },
  since: Date.parse(APPLIED),
  events: [],
  heard: new Map(),
  isJob: false,
  ...change,
})

describe('a failed pull', () => {
  it.each<[string, string, object[], string]>([
    ['failed once, for want of a right', 'ErrImagePull', [failed(UNAUTHORIZED)], 'soon'],
    ['backs off once, for want of a right', 'ImagePullBackOff', [failed(UNAUTHORIZED)], 'soon'],
    ['failed twice', 'ErrImagePull', [failed(UNAUTHORIZED, { count: 2 })], 'now'],
    ['failed twice, told apart', 'ErrImagePull', [failed(UNAUTHORIZED), failed(UNAUTHORIZED)], 'now'],
    ['failed once, whatever the secret', 'ErrImagePull', [failed(NOT_FOUND)], 'soon'],
    ['backs off, whatever the secret', 'ImagePullBackOff', [failed(NOT_FOUND)], 'now'],
    ['is not told of yet', 'ErrImagePull', [], 'soon'],
  ])('of a new Pod that %s', (_, reason, events, fails) => {
    expect(diagnose(pulling(reason), circumstances({ events: events as never }))).toMatchObject({ fails })
  })

  it('of another container with the same image is not counted', () => {
    const about = (path: string) => failed(UNAUTHORIZED, { involvedObject: { fieldPath: path } })
    const events = [about('spec.containers{main}'), about('spec.initContainers{first}')]
    expect(diagnose(pulling(), circumstances({ events }))).toMatchObject({ fails: 'soon' })
  })

  it.each<[string, object[], string]>([
    ['before the run', [failed(UNAUTHORIZED, { firstTimestamp: BEFORE, lastTimestamp: BEFORE, count: 7 })], 'never'],
    ['before the run and once since', [failed(UNAUTHORIZED, { firstTimestamp: BEFORE, count: 8 })], 'soon'],
    ['twice since', [failed(UNAUTHORIZED, { count: 2 })], 'now'],
    ['with the image that it had before', [failed(UNAUTHORIZED, { count: 5 }, 'old:1')], 'never'],
  ])('of an old Pod that failed %s', (_, events, fails) => {
    const old = pulling('ImagePullBackOff', { created: BEFORE })
    expect(diagnose(old, circumstances({ events: events as never }))).toMatchObject({ fails })
  })

  it('counts when it stays, where the events may not be read', () => {
    expect(diagnose(pulling(), circumstances({ events: undefined }))).toMatchObject({ fails: 'soon' })
  })

  it('is remembered in a back-off that does not say why', () => {
    const known = circumstances({ events: undefined })
    diagnose(pod({ containerStatuses: [waiting('ErrImagePull', UNAUTHORIZED)] }), known)
    expect(diagnose(pulling(), known)?.reason).toContain('refuses the credential: failed to authorize')
  })

  it('is told by newer nodes in the back-off itself', () => {
    const message = `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = ${NOT_FOUND}`
    const status = { containerStatuses: [waiting('ImagePullBackOff', message)] }
    expect(diagnose(pod(status), circumstances({ events: undefined }))?.reason).toBe(
      `container main: there is no image ${IMAGE}: ${NOT_FOUND}`,
    )
  })

  it('is told by the newest event', () => {
    const events = [failed(NOT_FOUND), failed(UNAUTHORIZED, { lastTimestamp: '2026-11-23T12:01:00Z' })]
    expect(diagnose(pulling(), circumstances({ events }))?.reason).toContain('refuses the credential')
  })

  it.each([
    ['registry.example.com:443/team/app:1', ['registry.example.com']],
    ['registry.example.org/team/app:1', ['registry.example.com', 'b.example.com']],
    ['team/app:1', ['registry.example.com']],
    ['a.b.example.com/team/app', ['*.example.com']],
    ['registry.example.com/other/app', ['registry.example.com/team']],
  ])('of %s is due to a secret for %j', (image, hosts) => {
    const [host = ''] = image.startsWith('team') ? ['docker.io'] : image.split('/')
    const events = [failed(UNAUTHORIZED, {}, image)]
    const trouble = diagnose(
      pulling('ErrImagePull', { image }),
      circumstances({ events, secret: { name: 'pull', hosts } }),
    )
    expect(trouble?.reason).toContain(`the image is at ${host}, and the secret pull is for ${hosts.join(', ')}: `)
    expect(trouble?.cure).toMatch(/equal to the letter/)
  })

  it.each([
    [IMAGE, ['https://registry.example.com/v1/']],
    ['a.example.com/app', ['*.example.com']],
    ['nginx', ['https://index.docker.io/v1/']],
    ['registry.example.com/team/app', ['registry.example.com/team']],
  ])('of %s is not due to a secret for %j', (image, hosts) => {
    const events = [failed(UNAUTHORIZED, {}, image)]
    const trouble = diagnose(
      pulling('ErrImagePull', { image }),
      circumstances({ events, secret: { name: 'pull', hosts } }),
    )
    expect(trouble?.reason).toContain('refuses the credential')
  })

  it('is due to a secret that is not there', () => {
    const message = 'Unable to retrieve some image pull secrets (late); attempting to pull the image may not succeed.'
    const missing = { reason: 'FailedToRetrieveImagePullSecret', message, lastTimestamp: AFTER }
    const events = [failed(UNAUTHORIZED), missing]
    expect(diagnose(pulling(), circumstances({ events }))?.reason).toContain(
      'container main: the namespace shop lacks a pull secret (late): ',
    )
    const healed = { ...missing, lastTimestamp: BEFORE }
    expect(diagnose(pulling(), circumstances({ events: [failed(UNAUTHORIZED), healed] }))?.reason).toContain('refuses')
  })

  it('is no fault of the secret when the image is not there', () => {
    const trouble = diagnose(
      pulling(),
      circumstances({ events: [failed(NOT_FOUND)], secret: { name: 'pull', hosts: [] } }),
    )
    expect(trouble?.reason).toContain('there is no image')
  })
})

describe('a container', () => {
  it.each<[string, object, string, string]>([
    ['InvalidImageName', waiting('InvalidImageName', 'invalid reference format'), 'now', 'InvalidImageName: invalid'],
    ['ErrImageNeverPull', waiting('ErrImageNeverPull', 'x'), 'now', 'ErrImageNeverPull: x'],
    [
      'a missing secret',
      waiting('CreateContainerConfigError', 'secret "db" not found'),
      'soon',
      'secret "db" not found',
    ],
    ['RunContainerError', waiting('RunContainerError', 'exec: "webb": not found'), 'soon', 'exec: "webb"'],
    [
      'a crash',
      waiting('CrashLoopBackOff', 'back-off 10s', {
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', message: 'the last words\n' } },
      }),
      'now',
      'CrashLoopBackOff: back-off 10s: it ended with exit code 137: OOMKilled: the last words',
    ],
    [
      'words that would be a command',
      waiting('InvalidImageName', 'a\n::set-output name=x::y'),
      'now',
      'a\\n: :set-output name=x: :y',
    ],
  ])('in trouble: %s', (_, status, fails, says) => {
    const trouble = diagnose(pod({ containerStatuses: [status] }), circumstances())
    expect(trouble).toMatchObject({ fails, reason: expect.stringContaining(says) })
    expect(trouble?.cure).toMatch(/\w/)
  })

  it.each([
    ['initContainerStatuses', 'first'],
    ['ephemeralContainerStatuses', 'debugger'],
  ])('may be one of %s', (kind, name) => {
    const status = { [kind]: [{ ...waiting('InvalidImageName'), name }] }
    expect(diagnose(pod(status), circumstances())?.reason).toBe(`container ${name}: InvalidImageName`)
  })

  it('that only starts is in no trouble', () => {
    const status = { containerStatuses: [waiting('ContainerCreating'), { name: 'b', state: { running: {} } }] }
    expect(diagnose(pod(status), circumstances())).toBeUndefined()
  })

  it('of a Job may crash: the Job counts that', () => {
    const status = { containerStatuses: [waiting('CrashLoopBackOff')] }
    expect(diagnose(pod(status), circumstances({ isJob: true }))).toMatchObject({ fails: 'never' })
  })

  it('in the worst trouble is told', () => {
    const status = {
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no memory' }],
      containerStatuses: [waiting('RunContainerError'), waiting('InvalidImageName', 'wrong', { name: 'b' })],
    }
    expect(diagnose(pod(status), circumstances())?.reason).toBe('container b: InvalidImageName: wrong')
  })
})

it('tells of a Pod that no node takes, and waits on: nodes may come', () => {
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: '0/3 nodes are available',
  }
  expect(diagnose(pod({ conditions: [condition] }), circumstances())).toMatchObject({
    fails: 'never',
    reason: 'Unschedulable: 0/3 nodes are available',
  })
})
