import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { mask } from '../../../src/runner/mask.ts'
import type { DiagnosisContext, Severity } from '../../../src/workload/diagnosis.ts'
import { diagnosePod } from '../../../src/workload/pod-diagnosis.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const TOKEN = `eyJhbGci.${randomBytes(40).toString('hex')}.sig/+=`
beforeAll(() => {
  using _ = captureLog()
  mask(TOKEN)
})

const IMAGE = 'registry.example.com/team/app:1'
const APPLIED = '2026-11-23T12:00:00Z'
const [BEFORE, AFTER] = ['2026-11-23T11:50:00Z', '2026-11-23T12:00:30Z']
const LATER = '2026-11-23T12:01:00Z'
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
const pullOf = (lastTimestamp: string, image = IMAGE) => ({
  reason: 'Pulling',
  message: `Pulling image "${image}"`,
  firstTimestamp: AFTER,
  lastTimestamp,
  count: 2,
})
const contextWith = (change: Partial<DiagnosisContext> = {}): DiagnosisContext => ({
  secret: { name: 'pull', hosts: ['registry.example.com'] },
  appliedAtMs: Date.parse(APPLIED),
  events: [],
  pullErrors: new Map(),
  isJob: false,
  ...change,
})

describe('a failed pull', () => {
  it.each<[string, string, object[], string]>([
    ['failed once as unauthorized', 'ErrImagePull', [failed(UNAUTHORIZED)], 'transient'],
    ['backs off after one failure as unauthorized', 'ImagePullBackOff', [failed(UNAUTHORIZED)], 'transient'],
    ['failed twice', 'ErrImagePull', [failed(UNAUTHORIZED, { count: 2 })], 'terminal'],
    ['failed twice, with an event each', 'ErrImagePull', [failed(UNAUTHORIZED), failed(UNAUTHORIZED)], 'terminal'],
    ['failed once, independent of the secret', 'ErrImagePull', [failed(NOT_FOUND)], 'transient'],
    ['backs off, independent of the secret', 'ImagePullBackOff', [failed(NOT_FOUND)], 'terminal'],
    ['has no event yet', 'ErrImagePull', [], 'transient'],
    ['is being pulled again', 'ImagePullBackOff', [failed(UNAUTHORIZED), pullOf(LATER)], 'info'],
    ['was not pulled again', 'ImagePullBackOff', [failed(UNAUTHORIZED), pullOf(AFTER)], 'transient'],
    ['is pulled as another image', 'ImagePullBackOff', [failed(UNAUTHORIZED), pullOf(LATER, 'old:1')], 'transient'],
    [
      'failed twice, and is pulled again',
      'ImagePullBackOff',
      [failed(UNAUTHORIZED, { count: 2 }), pullOf(LATER)],
      'terminal',
    ],
    ['exceeded the rate of the kubelet', 'ErrImagePull', [failed('pull QPS exceeded')], 'info'],
    ['exceeded it often', 'ImagePullBackOff', [failed('pull QPS exceeded', { count: 9 })], 'info'],
    [
      'exceeded it before it failed once',
      'ErrImagePull',
      [failed('pull QPS exceeded', { count: 9 }), failed(UNAUTHORIZED, { lastTimestamp: LATER })],
      'transient',
    ],
  ])('of a new Pod that %s', (_, reason, events, severity) => {
    expect(diagnosePod(pulling(reason), contextWith({ events: events as never }))).toMatchObject({ severity })
  })

  it('of another container with the same image does not count', () => {
    const about = (path: string) => failed(UNAUTHORIZED, { involvedObject: { fieldPath: path } })
    const events = [about('spec.containers{main}'), about('spec.initContainers{first}')]
    expect(diagnosePod(pulling(), contextWith({ events }))).toMatchObject({ severity: 'transient' })
  })

  it.each<[string, object[], string]>([
    ['before the run', [failed(UNAUTHORIZED, { firstTimestamp: BEFORE, lastTimestamp: BEFORE, count: 7 })], 'info'],
    ['before the run and once since', [failed(UNAUTHORIZED, { firstTimestamp: BEFORE, count: 8 })], 'transient'],
    ['twice since', [failed(UNAUTHORIZED, { count: 2 })], 'terminal'],
    ['with its previous image', [failed(UNAUTHORIZED, { count: 5 }, 'old:1')], 'info'],
  ])('of an old Pod that failed %s', (_, events, severity) => {
    const old = pulling('ImagePullBackOff', { created: BEFORE })
    expect(diagnosePod(old, contextWith({ events: events as never }))).toMatchObject({ severity })
  })

  it.each([
    ['a message that is cut within it', 'x'.repeat(540)],
    ['a message that is not cut', ''],
  ])('shows no part of a token in %s', (_, rest) => {
    const message = failed(`GET https://a/?token=${encodeURIComponent(TOKEN)} ${TOKEN}: 401 Unauthorized${rest}`)
    for (const state of [waiting('ErrImagePull', message.message), waiting('ErrImagePull')]) {
      const diagnosis = diagnosePod(pod({ containerStatuses: [state] }), contextWith({ events: [message] }))
      expect(diagnosis?.reason).not.toMatch(/[0-9a-f]{6}/)
    }
  })

  it('names the setting of the kubelet that delays it', () => {
    expect(diagnosePod(pulling(), contextWith({ events: [failed('pull QPS exceeded')] }))).toMatchObject({
      code: 'image-pull-rate-limited',
      reason: expect.stringContaining('`registryPullQPS`'),
    })
  })

  it('of CRI-O is shown without the second try as an artifact', () => {
    const image =
      'initializing source docker://h/a:1: reading manifest 1 in h/a: requested access to the resource is denied'
    const message = `unable to pull image or OCI artifact: pull image err: ${image}; artifact err: get manifest: build image source: ${image}`
    expect(diagnosePod(pulling(), contextWith({ events: [failed(message)] }))).toMatchObject({
      code: 'image-pull-denied',
      reason: expect.stringMatching(
        /: initializing source docker:\/\/h\/a:1: reading manifest 1 in h\/a: requested access to the resource is denied$/,
      ),
    })
  })

  it('of an unsigned image is terminal with the back-off', () => {
    const message =
      'SignatureValidationFailed: unable to pull image or OCI artifact: pull image err: copying system image from manifest list: Source image rejected: A signature was required, but no signature exists'
    const events = [failed(message)]
    for (const [reason, severity] of [
      ['SignatureValidationFailed', 'transient'],
      ['ImagePullBackOff', 'terminal'],
    ] as const)
      expect(diagnosePod(pulling(reason), contextWith({ events }))).toMatchObject({
        code: 'image-pull-failed',
        severity,
      })
  })

  it('is transient where events cannot be listed', () => {
    expect(diagnosePod(pulling(), contextWith({ events: undefined }))).toMatchObject({ severity: 'transient' })
  })

  it('is remembered when the message of the back-off does not repeat it', () => {
    const context = contextWith({ events: undefined })
    diagnosePod(pod({ containerStatuses: [waiting('ErrImagePull', UNAUTHORIZED)] }), context)
    expect(diagnosePod(pulling(), context)?.reason).toContain('refused the credential: failed to authorize')
  })

  it('is read from the message of the back-off of a newer kubelet', () => {
    const message = `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = ${NOT_FOUND}`
    const status = { containerStatuses: [waiting('ImagePullBackOff', message)] }
    expect(diagnosePod(pod(status), contextWith({ events: undefined }))?.reason).toBe(
      `container main: image ${IMAGE} does not exist: ${NOT_FOUND}`,
    )
  })

  it('is read from the latest event', () => {
    const events = [failed(NOT_FOUND), failed(UNAUTHORIZED, { lastTimestamp: '2026-11-23T12:01:00Z' })]
    expect(diagnosePod(pulling(), contextWith({ events }))?.reason).toContain('refused the credential')
  })

  it.each([
    ['registry.example.com:443/team/app:1', ['registry.example.com']],
    ['registry.example.org/team/app:1', ['registry.example.com', 'b.example.com']],
    ['team/app:1', ['registry.example.com']],
    ['a.b.example.com/team/app', ['*.example.com']],
    ['registry.example.com/other/app', ['registry.example.com/team']],
  ])('of %s is explained by a secret for %j', (image, hosts) => {
    const [host = ''] = image.startsWith('team') ? ['docker.io'] : image.split('/')
    const events = [failed(UNAUTHORIZED, {}, image)]
    const diagnosis = diagnosePod(
      pulling('ErrImagePull', { image }),
      contextWith({ events, secret: { name: 'pull', hosts } }),
    )
    expect(diagnosis?.reason).toContain(`the image is on ${host}, but secret pull is for ${hosts.join(', ')}: `)
    expect(diagnosis?.hint).toMatch(/must match exactly/)
    expect(diagnosis?.code).toBe('pull-secret-host-mismatch')
  })

  it.each([
    [IMAGE, ['https://registry.example.com/v1/']],
    ['a.example.com/app', ['*.example.com']],
    ['nginx', ['https://index.docker.io/v1/']],
    ['registry.example.com/team/app', ['registry.example.com/team']],
  ])('of %s is not explained by a secret for %j', (image, hosts) => {
    const events = [failed(UNAUTHORIZED, {}, image)]
    const diagnosis = diagnosePod(
      pulling('ErrImagePull', { image }),
      contextWith({ events, secret: { name: 'pull', hosts } }),
    )
    expect(diagnosis?.reason).toContain('refused the credential')
  })

  it('is explained by a secret that does not exist', () => {
    const message = 'Unable to retrieve some image pull secrets (late); attempting to pull the image may not succeed.'
    const missing = { reason: 'FailedToRetrieveImagePullSecret', message, lastTimestamp: AFTER }
    const events = [failed(UNAUTHORIZED), missing]
    expect(diagnosePod(pulling(), contextWith({ events }))?.reason).toContain(
      'container main: pull secret late does not exist in namespace shop: ',
    )
    const earlier = { ...missing, lastTimestamp: BEFORE }
    expect(diagnosePod(pulling(), contextWith({ events: [failed(UNAUTHORIZED), earlier] }))?.reason).toContain(
      'refused',
    )
  })

  it('of an image that does not exist is not explained by the secret', () => {
    const diagnosis = diagnosePod(
      pulling(),
      contextWith({ events: [failed(NOT_FOUND)], secret: { name: 'pull', hosts: [] } }),
    )
    expect(diagnosis?.reason).toContain('does not exist')
    expect(diagnosis?.code).toBe('image-not-found')
  })
})

it('counts failed pulls that the kubelet combined into one event', () => {
  const { message, ...event } = failed(UNAUTHORIZED, { count: 2 })
  const events = [{ ...event, message: `(combined from similar events): ${message}` }]
  const diagnosis = diagnosePod(pulling(), contextWith({ events }))
  expect(diagnosis).toMatchObject({ code: 'image-pull-unauthorized', severity: 'terminal' })
})

it.each([
  ['InvalidImageName', 'image-name-invalid'],
  ['ErrImageNeverPull', 'image-not-on-node'],
  ['CrashLoopBackOff', 'container-failed'],
  ['CreateContainerConfigError', 'container-config-invalid'],
  ['CreateContainerError', 'container-start-failed'],
  ['RunContainerError', 'container-start-failed'],
])('diagnoses %s as %s', (serverCode, code) => {
  const status = { containerStatuses: [waiting(serverCode)] }
  expect(diagnosePod(pod(status), contextWith())).toMatchObject({ code, serverCode })
})

describe('a container', () => {
  it.each<[string, object, Severity, string]>([
    [
      'InvalidImageName',
      waiting('InvalidImageName', 'invalid reference format'),
      'terminal',
      'InvalidImageName: invalid',
    ],
    ['ErrImageNeverPull', waiting('ErrImageNeverPull', 'x'), 'terminal', 'ErrImageNeverPull: x'],
    [
      'a missing secret',
      waiting('CreateContainerConfigError', 'secret "db" not found'),
      'transient',
      'secret "db" not found',
    ],
    ['RunContainerError', waiting('RunContainerError', 'exec: "webb": not found'), 'transient', 'exec: "webb"'],
    [
      'a crash',
      waiting('CrashLoopBackOff', 'back-off 10s', {
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', message: 'heap exhausted\n' } },
      }),
      'terminal',
      'CrashLoopBackOff: back-off 10s: last exit code 137: OOMKilled: heap exhausted',
    ],
    [
      'a message with a workflow command',
      waiting('InvalidImageName', 'a\n::set-output name=x::y'),
      'terminal',
      'a\\n: :set-output name=x: :y',
    ],
  ])('with %s', (_, status, severity, message) => {
    const diagnosis = diagnosePod(pod({ containerStatuses: [status] }), contextWith())
    expect(diagnosis).toMatchObject({ severity, reason: expect.stringContaining(message) })
    expect(diagnosis?.hint).toMatch(/\w/)
  })

  it.each([
    ['initContainerStatuses', 'first'],
    ['ephemeralContainerStatuses', 'debugger'],
  ])('can be one of %s', (kind, name) => {
    const status = { [kind]: [{ ...waiting('InvalidImageName'), name }] }
    expect(diagnosePod(pod(status), contextWith())?.reason).toBe(`container ${name}: InvalidImageName`)
  })

  it('whose image cannot be inspected has the reason of that', () => {
    const message = `Failed to inspect image "${IMAGE}": rpc error: code = Unknown desc = short-name "app:1" did not resolve`
    const status = { containerStatuses: [waiting('ImageInspectError', message)] }
    expect(diagnosePod(pod(status), contextWith())).toMatchObject({
      code: 'image-name-invalid',
      severity: 'transient',
      serverCode: 'ImageInspectError',
      reason: expect.stringMatching(/the node searches none: short-name "app:1" did not resolve$/),
    })
  })

  it.each([
    'container has runAsNonRoot and image will run as root (pod: "web", container: main)',
    'container has runAsNonRoot and image has non-numeric user (node), cannot verify user is non-root',
  ])('that must not run as root has its own hint: %s', (message) => {
    const status = { containerStatuses: [waiting('CreateContainerConfigError', message)] }
    expect(diagnosePod(pod(status), contextWith())).toMatchObject({
      code: 'container-config-invalid',
      hint: expect.stringContaining('numeric `USER`'),
    })
  })

  it('that is starting has no diagnosis', () => {
    const status = { containerStatuses: [waiting('ContainerCreating'), { name: 'b', state: { running: {} } }] }
    expect(diagnosePod(pod(status), contextWith())).toBeUndefined()
  })

  it('of a Job can crash: the Job counts its failures', () => {
    const status = { containerStatuses: [waiting('CrashLoopBackOff')] }
    expect(diagnosePod(pod(status), contextWith({ isJob: true }))).toMatchObject({ severity: 'info' })
  })

  it('with the most severe problem is reported', () => {
    const status = {
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no memory' }],
      containerStatuses: [waiting('RunContainerError'), waiting('InvalidImageName', 'wrong', { name: 'b' })],
    }
    expect(diagnosePod(pod(status), contextWith())?.reason).toBe('container b: InvalidImageName: wrong')
  })
})

it('reports an unschedulable Pod as information: a node can be added', () => {
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: '0/3 nodes are available',
  }
  expect(diagnosePod(pod({ conditions: [condition] }), contextWith())).toMatchObject({
    code: 'pod-unschedulable',
    severity: 'info',
    serverCode: 'Unschedulable',
    reason: 'Unschedulable: 0/3 nodes are available',
  })
})
