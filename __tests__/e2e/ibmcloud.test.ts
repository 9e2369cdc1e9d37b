// The same run with an API key of a service ID instead of a registry token.
import { expect, it, vi } from 'vitest'
import { changedRecord, recordsOf } from '../support/records.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'

/** Each but the first waits for the grace period of the superseded key. */
const ROTATIONS = 3

describeScenarios(
  'with provider: ibmcloud',
  (openScenario) => {
    it('an API key of the service ID is minted, verified and written, and the next run reuses it', async () => {
      await using scenario = await openScenario()

      const first = await scenario.run(scenario.ibmcloud)
      scenario.forget()
      const second = await scenario.run(scenario.ibmcloud)

      const [key] = scenario.ibm.keys()
      expect(first).toMatchObject({ code: 0, annotations: [] })
      expect(first.outputs).toMatchObject({ 'token-id': key?.id, minted: 'true', 'docker-username': 'iamapikey' })
      expect(first.outputs).not.toHaveProperty('organization-guid')
      expect(await loginIn(scenario)).toMatchObject({ username: 'iamapikey', password: key?.value })
      expect(await scenario.ibm.pullsWith('iamapikey', key?.value ?? '')).toBe(200)
      expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'false', revoked: '[]' } })
      // A run that reuses its key does not log in.
      expect(scenario.requests(/^iam/)).toEqual([])
    })

    it('a service ID can be named, and its key expires by itself', async () => {
      await using scenario = await openScenario()
      const { serviceId, serviceIds } = scenario.ibm
      scenario.ibm.switches.pageSize = 1
      serviceIds.unshift({ ...serviceId, id: 'ServiceId-2', iamId: 'iam-ServiceId-2', name: 'CI image pull' })
      const inputs = { ...scenario.ibmcloud, 'service-id': serviceId.name, 'expires-in': '90d' }

      const first = await scenario.run(inputs)
      const second = await scenario.run(inputs)

      const [key] = scenario.ibm.liveKeys()
      const expiresAt = key?.expiresAt?.toISOString().replace('.000Z', 'Z')
      expect(first).toMatchObject({ code: 0, annotations: [] })
      expect(first.outputs).toMatchObject({ 'token-id': key?.id, 'token-expires-at': expiresAt })
      expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(Date.now() + 89 * 24 * 60 * 60 * 1000)
      expect(recordsOf(await scenario.secret())).toMatchObject([{ id: key?.id, 'expires-at': expiresAt }])
      expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', 'token-expires-at': expiresAt } })
    })

    it('a service ID that is not found or not unique, and an address that is not allowed, fail before a mint', async () => {
      await using scenario = await openScenario()
      const { serviceId, serviceIds } = scenario.ibm
      const failWith = async (name: string) => {
        const { code, annotations } = await scenario.run({ ...scenario.ibmcloud, 'service-id': name })
        expect(code).toBe(1)
        return annotations.map(({ message }) => message).join()
      }

      expect(await failWith('ci image pul')).toContain('was not found in account')
      expect(await failWith('ci image pul')).toContain(
        `(the nearest name is "${serviceId.name}"). Check \`service-id\``,
      )
      serviceIds.push({ ...serviceId, id: 'ServiceId-2', iamId: 'iam-ServiceId-2' })
      expect(await failWith(serviceId.name)).toContain(
        `2 service IDs have the name "${serviceId.name}": ${serviceId.id}, ServiceId-2. Set \`service-id\``,
      )

      const errorMessage = 'The IP address 192.0.2.7 is not allowed by this account'
      const body = JSON.stringify({ errorCode: 'BXNIM0000E', errorMessage })
      scenario.plan('iam POST /identity/token', { kind: 'status', status: 403, body })
      expect(await failWith(serviceId.id)).toMatch(
        /^IAM refused: "The IP address 192\.0\.2\.7 is not allowed by this account"\. Could not log in at .* returned 403 BXNIM0000E\. The account, or /,
      )
      expect(scenario.ibm.keys()).toEqual([])
      expect(await scenario.secret()).toBeUndefined()
    })

    it('a replaced key is deleted at the end, after IAM confirmed that the secret held it', async () => {
      await using scenario = await openScenario()
      const first = await scenario.run(scenario.ibmcloud)
      scenario.forget()

      const second = await scenario.run({ ...scenario.ibmcloud, 'max-age': '0' })

      const [old, current] = scenario.ibm.keys()
      expect(second.outputs).toMatchObject({
        minted: 'true',
        revoked: `["${first.outputs['token-id']}"]`,
        unrevoked: '[]',
      })
      expect(scenario.ibm.liveKeys()).toMatchObject([{ id: current?.id }])
      expect(scenario.requests(/^iam/)).toEqual([
        'iam POST /identity/token',
        'iam POST /v1/apikeys',
        'iam GET /v1/apikeys/details',
        'iam GET /v1/apikeys',
        `iam DELETE /v1/apikeys/${old?.id}`,
      ])
    })
    it('a key whose response is lost is deleted, and another one is minted', async () => {
      await using scenario = await openScenario()
      scenario.plan('iam POST /v1/apikeys', { kind: 'reset-after' }, 1)

      const result = await scenario.run(scenario.ibmcloud)

      expect(result).toMatchObject({ code: 0, outputs: { minted: 'true' } })
      expect(scenario.ibm.keys()).toHaveLength(2)
      expect(scenario.ibm.liveKeys()).toMatchObject([{ id: result.outputs['token-id'] }])
    })

    it('a key that IAM does not list at first is found later, and deleted', async () => {
      await using scenario = await openScenario()
      scenario.ibm.switches.listAfter = 1
      scenario.plan('iam POST /v1/apikeys', { kind: 'reset-after' }, 1)

      const result = await scenario.run(scenario.ibmcloud)

      expect(result).toMatchObject({ code: 0, outputs: { minted: 'true' } })
      expect(scenario.ibm.keys()).toHaveLength(2)
      expect(scenario.ibm.liveKeys()).toMatchObject([{ id: result.outputs['token-id'] }])
    })

    it('a key that the registry does not accept at first is verified again', async () => {
      await using scenario = await openScenario()
      scenario.ibm.switches.acceptAfter = 2
      const result = await scenario.run({ ...scenario.ibmcloud, 'service-id': scenario.ibm.serviceId.iamId })
      expect(result).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
      expect(result.log).toContain('A new credential can take some seconds')
    })

    it('a key that was minted and never written is deleted by the post step', async () => {
      await using scenario = await openScenario()
      const planned = scenario.plan('kubernetes PATCH apply', { kind: 'hang' }, 1)
      const step = scenario.start(scenario.ibmcloud)
      await vi.waitFor(() => expect(planned.met).toBe(1), 60_000)
      step.kill('SIGKILL')
      const main = await step.result
      expect(scenario.ibm.liveKeys()).toHaveLength(1)

      const post = await scenario.post(main, scenario.ibmcloud)

      expect(post).toMatchObject({ code: 0, annotations: [] })
      expect(scenario.ibm.liveKeys()).toEqual([])
    })

    it('a foreign key is never deleted, even when its value and id are in the secret', async () => {
      await using scenario = await openScenario()
      await scenario.run(scenario.ibmcloud)
      const theirs = scenario.ibm.mintKey()
      await editSecret(scenario, theirs.id, theirs.value)

      const second = await scenario.run({ ...scenario.ibmcloud, 'max-age': '0' })

      expect(second).toMatchObject({ code: 0, outputs: { unrevoked: `["${theirs.id}"]` } })
      expect(second.log).toContain(
        `Kept old token ${theirs.id}: its issuer does not confirm that this action minted it.`,
      )
      // The key of the first run, which the secret no longer held, is a leftover: it is deleted.
      expect(scenario.ibm.liveKeys()).toMatchObject([{ id: theirs.id }, { id: second.outputs['token-id'] }])
    })

    it('a key that was deleted is replaced, and not revoked again', async () => {
      await using scenario = await openScenario()
      const first = await scenario.run(scenario.ibmcloud)
      scenario.ibm.revokeKey(first.outputs['token-id'] ?? '')

      const second = await scenario.run(scenario.ibmcloud)

      expect(second).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', unrevoked: '[]' } })
      expect(scenario.ibm.liveKeys()).toMatchObject([{ id: second.outputs['token-id'] }])
    })

    it('a locked key is kept, and the error says how to fix it', async () => {
      await using scenario = await openScenario()
      const first = await scenario.run(scenario.ibmcloud)
      const id = first.outputs['token-id'] ?? ''
      scenario.ibm.lockKey(id)

      const second = await scenario.run({ ...scenario.ibmcloud, 'max-age': '0' })

      expect(second).toMatchObject({ code: 1, outputs: { minted: 'true', revoked: '[]', unrevoked: `["${id}"]` } })
      expect(second.annotations).toMatchObject([{ message: expect.stringContaining('the key is locked. Unlock it') }])
      expect(await loginIn(scenario)).toMatchObject({ password: second.outputs.token })
    })

    it('the hosts of a registry token are taken over with `adopt` only, and it is not revoked by this provider', async () => {
      await using scenario = await openScenario()
      const before = await scenario.run()

      const refused = await scenario.run(scenario.ibmcloud)
      const after = await scenario.run({ ...scenario.ibmcloud, adopt: 'true' })

      const id = before.outputs['token-id']
      expect(refused.annotations).toMatchObject([
        {
          message: expect.stringContaining(
            'that `provider: dedicated` of acme/shop keeps, last run: https://github.com/',
          ),
        },
      ])
      expect(after).toMatchObject({ code: 0, outputs: { minted: 'true', revoked: '[]', unrevoked: `["${id}"]` } })
      expect(scenario.ibm.liveTokens()).toMatchObject([{ id }])
      // The password of another user is not sent to IAM.
      expect(scenario.requests(/details/)).toEqual([])
    })

    it('an account over its quota fails without another mint', async () => {
      await using scenario = await openScenario()
      await scenario.run(scenario.ibmcloud)
      const quota = 'Your account has exceeded its pull traffic quota for the current month.'
      const body = JSON.stringify({ errors: [{ code: 'DENIED', message: quota }] })
      scenario.plan('realm GET', { kind: 'status', status: 403, body })

      const second = await scenario.run(scenario.ibmcloud)

      expect(second.code).toBe(1)
      expect(second.annotations).toMatchObject([{ message: expect.stringContaining('rotating it does not help') }])
      expect(scenario.ibm.keys()).toHaveLength(1)
    })

    it('several hosts are verified and written to one secret, with the bytes of kubectl, sorted', async () => {
      await using scenario = await openScenario()
      const { port } = new URL(scenario.ibm.registry)
      const hosts = [`localhost:${port}`, `http://127.0.0.1:${port}/v2/`, `127.0.0.1:${port}`]

      const result = await scenario.run({ ...scenario.ibmcloud, 'docker-server': hosts.join('\n') })

      expect(result).toMatchObject({ code: 0, annotations: [] })
      expect(result.log.match(/ lets this credential pull team\/app:1 and refuses anonymous access/g)).toHaveLength(3)
      const password = result.outputs.token ?? ''
      const entry = JSON.stringify({
        username: 'iamapikey',
        password,
        email: 'a@b.c',
        auth: Buffer.from(`iamapikey:${password}`).toString('base64'),
      })
      const auths = hosts.toSorted().map((host) => `"${host}":${entry}`)
      const { data } = await scenario.secret()
      expect(Buffer.from(data['.dockerconfigjson'], 'base64').toString()).toBe(`{"auths":{${auths.join(',')}}}`)
    })

    it('the host of another team in an adopted secret is kept through every rotation', async () => {
      await using scenario = await openScenario()
      const theirs = { username: 'jo', password: 'theirs', auth: btoa('jo:theirs'), more: { of: ['it'] } }
      await scenario.kube.request('POST', `/api/v1/namespaces/${scenario.namespace}/secrets`, {
        metadata: { name: SECRET },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: { '.dockerconfigjson': JSON.stringify({ auths: { 'registry.other.example.com': theirs } }) },
      })

      for (let count = 0; count < ROTATIONS; count++) {
        const rotation = await scenario.run({ ...scenario.ibmcloud, adopt: 'true', 'max-age': '0' })
        expect(rotation).toMatchObject({ code: 0, annotations: [] })
        expect(await loginIn(scenario, 'registry.other.example.com')).toEqual(theirs)
      }
      expect(scenario.ibm.liveKeys()).toHaveLength(1)
      expect(scenario.requests(/details/)).toHaveLength(ROTATIONS - 1)
    })
  },
  { isLong: true },
)

/** Edits the secret, as any user can who is allowed to patch it. */
async function editSecret(scenario: Scenario, id: string, password: string): Promise<void> {
  const config = { auths: { [scenario.ibm.registryHost]: { username: 'iamapikey', password } } }
  const change = {
    metadata: { annotations: changedRecord(await scenario.secret(), { id }) },
    data: { '.dockerconfigjson': btoa(JSON.stringify(config)) },
  }
  const path = `/api/v1/namespaces/${scenario.namespace}/secrets/${SECRET}`
  await scenario.kube.request('PATCH', path, change, { 'content-type': 'application/merge-patch+json' })
}

// biome-ignore lint/suspicious/noExplicitAny: what a kubelet would read
async function loginIn(scenario: Scenario, host = scenario.ibm.registryHost): Promise<any> {
  const { data } = await scenario.secret()
  return JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString()).auths[host]
}
