// The same run with a robot account of Harbor, whose user name is another one after each mint.
import { expect, it, vi } from 'vitest'
import { hasRealServers } from '../support/describe-real.ts'
import { type FakeHarbor, type HarborRobot, startFakeHarbor } from '../support/harbor/environment.ts'
import { harborInputs } from '../support/harbor/inputs.ts'
import type { RecordedRequest } from '../support/http/exchange.ts'
import type { Fault } from '../support/http/faults.ts'
import { noDedicatedInputs } from '../support/ibm/inputs.ts'
import { changedRecord, recordsOf } from '../support/records.ts'
import { startDockerRegistry } from '../support/registry/docker-registry.ts'
import { describeScenarios, isOurs, type OpenScenario, type Scenario, SECRET } from './harness.ts'

type Inputs = Readonly<Record<string, string>>

interface HarborScenario extends AsyncDisposable {
  readonly scenario: Scenario
  readonly harbor: FakeHarbor
  /** Of a step that mints in the project `team`, as its administrator. */
  readonly inputs: Inputs
}

async function open(openScenario: OpenScenario): Promise<HarborScenario> {
  await using stack = new AsyncDisposableStack()
  const scenario = stack.use(await openScenario())
  const isReal = hasRealServers(['docker-registry'])
  const harbor = stack.use(await startFakeHarbor(isReal ? { startRegistry: startDockerRegistry } : {}))
  const inputs = { ...noDedicatedInputs(scenario.ibm), ...harborInputs(harbor) }
  const opened = stack.move()
  return { scenario, harbor, inputs, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** The requests of the step to Harbor's API. */
const requests = ({ journal }: FakeHarbor) =>
  journal
    .filter((entry) => entry.server === 'harbor' && isOurs(entry))
    .map(({ method, path }) => `${method} ${path.replace('/api/v2.0/', '')}`)

function plan({ faults }: FakeHarbor, method: string, part: string, fault: Fault) {
  const when = (request: RecordedRequest) => isOurs(request) && request.method === method && request.path.includes(part)
  return faults.add({ when, fault })
}

/** The login of a namespace, as a kubelet reads it. */
async function loginIn({ scenario, harbor }: HarborScenario, namespace?: string) {
  const { data } = await scenario.secret(namespace)
  const { username, password } = JSON.parse(atob(data['.dockerconfigjson'])).auths[harbor.registryHost]
  return { username, password }
}

const loginOf = ({ username, value }: Pick<HarborRobot, 'username' | 'value'>) => ({ username, password: value })

describeScenarios(
  'with provider: harbor',
  (openScenario) => {
    it('a robot account is minted, verified and written, and the next run reuses it without a login', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened

      const first = await scenario.run(inputs)
      harbor.journal.length = 0
      const second = await scenario.run(inputs)

      const [robot] = harbor.robots()
      expect(first).toMatchObject({ code: 0, annotations: [] })
      expect(first.outputs).toMatchObject({
        'token-id': robot?.id,
        token: robot?.value,
        minted: 'true',
        'docker-server': harbor.registryHost,
        'docker-username': robot?.username,
        'token-expires-at': '',
      })
      expect(robot?.username).toMatch(/^robot\$team\+registry-pull-secret-[0-9a-f]{8}-[0-9a-f]{16}$/)
      expect(robot?.description).toContain('registry-pull-secret acme/shop regcred [')
      expect(await loginIn(opened)).toEqual(robot && loginOf(robot))
      expect(await harbor.pullsWith(robot?.username ?? '', robot?.value ?? '')).toBe(200)
      expect(await harbor.pullsWith(robot?.username ?? '', robot?.value ?? '', harbor.otherImage)).toBe(401)
      expect(first.log).toContain(`lets this credential pull team/app:1 and refuses anonymous access`)
      expect(second).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', changed: 'false' } })
      expect(second.outputs['docker-username']).toBe(robot?.username)
      expect(requests(harbor)).toEqual([])
    })

    it('a replaced robot account is deleted at the end, and every target has the user name of the new one', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened
      const another = await scenario.createNamespace()
      const both = { ...inputs, namespaces: `${scenario.namespace},${another}`, 'expires-in': '90d' }
      const first = await scenario.run(both)
      harbor.journal.length = 0

      const second = await scenario.run({ ...both, 'max-age': '0' })

      const [old, current] = harbor.robots()
      expect(second).toMatchObject({
        code: 0,
        annotations: [],
        outputs: { minted: 'true', revoked: `["${first.outputs['token-id']}"]`, unrevoked: '[]' },
      })
      expect(harbor.presentRobots()).toMatchObject([{ id: current?.id, duration: 90 }])
      for (const namespace of [scenario.namespace, another])
        expect(await loginIn(opened, namespace)).toEqual(current && loginOf(current))
      const expiresAt = new Date((current?.expiresAt ?? 0) * 1000).toISOString().replace('.000Z', 'Z')
      expect(second.outputs['token-expires-at']).toBe(expiresAt)
      expect(recordsOf(await scenario.secret())).toMatchObject([{ id: current?.id, 'expires-at': expiresAt }])
      expect(requests(harbor)).toEqual([
        'GET users/current',
        'GET projects/team',
        'POST robots',
        `GET robots/${old?.number}`,
        'GET users/current',
        'GET robots',
        'GET robots',
        `DELETE robots/${old?.number}`,
      ])
      expect(harbor.failedLogins).toEqual([])
    })

    it('a stored robot account is copied to a new namespace with its own user name', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened
      await scenario.run(inputs)
      const another = await scenario.createNamespace()

      const second = await scenario.run({ ...inputs, namespaces: `${scenario.namespace},${another}` })

      const [robot] = harbor.robots()
      expect(second).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
      expect(await loginIn(opened, another)).toEqual(robot && loginOf(robot))
    })

    it('a robot account whose response is lost is deleted, and another one is minted', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened
      plan(harbor, 'POST', '/robots', { kind: 'reset-after' })

      const result = await scenario.run(inputs)

      expect(result).toMatchObject({ code: 0, outputs: { minted: 'true' } })
      expect(harbor.robots()).toHaveLength(2)
      expect(harbor.presentRobots()).toMatchObject([{ id: result.outputs['token-id'] }])
    })

    it('a robot account that was minted and never written is deleted by the post step', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened
      const planned = scenario.plan('kubernetes PATCH apply', { kind: 'hang' }, 1)
      const step = scenario.start(inputs)
      await vi.waitFor(() => expect(planned.met).toBe(1), 60_000)
      step.kill('SIGKILL')
      const main = await step.result
      expect(harbor.presentRobots()).toHaveLength(1)

      const post = await scenario.post(main, inputs)

      expect(post).toMatchObject({ code: 0, annotations: [] })
      expect(harbor.presentRobots()).toEqual([])
    })

    it('a robot account of earlier projects is replaced by one of the other level, and deleted', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened
      const { username, password } = harbor.admin
      const admin = { ...inputs, username, password, 'max-age': '0' }

      for (const projects of ['team', 'team,other', 'team', '*']) {
        const result = await scenario.run({ ...admin, projects })
        expect(result).toMatchObject({ code: 0, annotations: [], outputs: { unrevoked: '[]' } })
        expect(harbor.presentRobots()).toMatchObject([{ id: result.outputs['token-id'] }])
      }
      expect(harbor.robots().map(({ projectId }) => projectId)).toEqual([2, 0, 2, 0])
    })

    it('a foreign robot account is never deleted, even when its secret and id are in the secret', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened
      await scenario.run(inputs)
      const theirs = harbor.createRobot()
      const config = { auths: { [harbor.registryHost]: loginOf(theirs) } }
      const change = {
        metadata: { annotations: changedRecord(await scenario.secret(), { id: theirs.id }) },
        data: { '.dockerconfigjson': btoa(JSON.stringify(config)) },
      }
      const path = `/api/v1/namespaces/${scenario.namespace}/secrets/${SECRET}`
      await scenario.kube.request('PATCH', path, change, { 'content-type': 'application/merge-patch+json' })

      const second = await scenario.run({ ...inputs, 'max-age': '0' })

      expect(second).toMatchObject({ code: 0, outputs: { unrevoked: `["${theirs.id}"]` } })
      expect(harbor.presentRobots()).toMatchObject([{ id: theirs.id }, { id: second.outputs['token-id'] }])
    })

    it('a robot account that was deleted, disabled or has expired is replaced', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened
      for (const end of [harbor.deleteRobot, harbor.disableRobot, harbor.expireRobot]) {
        const before = await scenario.run(inputs)
        end(before.outputs['token-id'] ?? '')
        const after = await scenario.run(inputs)
        expect(after).toMatchObject({ code: 0, outputs: { minted: 'true' } })
        expect(await loginIn(opened)).toMatchObject({ password: after.outputs.token })
      }
      // What can be enabled again, or is left over, is deleted by the next rotation at the latest.
      const last = await scenario.run({ ...inputs, 'max-age': '0' })
      expect(harbor.presentRobots()).toMatchObject([{ id: last.outputs['token-id'] }])
    })

    it('a login that is wrong, or may not mint, fails before anything is written', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened
      const failWith = async (more: Inputs) => {
        const { code, annotations } = await scenario.run({ ...inputs, ...more })
        expect(code).toBe(1)
        return annotations.map(({ level, message }) => `${level} ${message}`).join('\n')
      }

      expect(await failWith({ password: 'wrong password' })).toMatch(
        /^error Could not log in to Harbor at .* returned 401 UNAUTHORIZED: unauthorized\. Check `username` and `password`\./,
      )
      expect(harbor.failedLogins).toEqual(['jo'])
      expect(await failWith({ projects: 'team,other' })).toMatch(/403 FORBIDDEN: jo\. .*only a system administrator/)
      expect(await failWith({ projects: 'other' })).toMatch(/Could not look up project other .* Check `projects`/)
      expect(harbor.robots()).toEqual([])
      expect(await scenario.secret()).toBeUndefined()
    })

    it('without an image to verify, a warning says what is not verified', async () => {
      await using opened = await open(openScenario)
      const { scenario, inputs } = opened

      const result = await scenario.run({ ...inputs, 'verify-image': '' })

      expect(result).toMatchObject({ code: 0, outputs: { minted: 'true' } })
      expect(result.annotations).toMatchObject([
        { level: 'warning', message: expect.stringContaining('`verify-image` is not set.') },
      ])
      expect(result.log).toContain('accepts this credential')
    })

    it('a robot account that may not pull the image is not written, and is deleted again', async () => {
      await using opened = await open(openScenario)
      const { scenario, harbor, inputs } = opened

      const result = await scenario.run({ ...inputs, 'verify-image': 'other/app:1' })

      expect(result.code).toBe(1)
      expect(result.annotations.map(({ message }) => message).join('\n')).toContain('returned 401 UNAUTHORIZED')
      expect(harbor.robots()).toHaveLength(1)
      expect(harbor.presentRobots()).toEqual([])
      expect(await scenario.secret()).toBeUndefined()
    })
  },
  { isLong: true },
)
