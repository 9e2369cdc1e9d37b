// A tenant may edit the secret of one target: whatever it holds and records, no credential of others is revoked or distributed.
import { describe, expect, it } from 'vitest'
import { entryOf, loginFor } from '../support/docker-config.ts'
import { signHs256 } from '../support/ibm/jwt.ts'
import { otherOrganization } from '../support/ibm/organizations.ts'
import { recordsOf } from '../support/records.ts'
import { describeScenarios, type Scenario } from './harness.ts'
import {
  editSecret,
  expectServed,
  expectUntouched,
  type Issued,
  liveIds,
  openTenancy,
  PENDING,
  presented,
} from './tenant.ts'

const rotate = { 'max-age': '0' }
const DAY_MS = 24 * 60 * 60_000
const past = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString()

/** A credential that works and that this action did not mint. */
interface ForeignCase {
  readonly what: string
  readonly isKey: boolean
  /** Whether the login of the run can see it; default true. */
  readonly isListed?: boolean
  readonly mint: (scenario: Scenario) => Issued
}

const FOREIGN: readonly ForeignCase[] = [
  {
    what: 'a token of another organization',
    isKey: false,
    isListed: false,
    mint: ({ ibm }) => ibm.mintToken({ organization: otherOrganization.guid }),
  },
  {
    what: 'a token that was minted by hand',
    isKey: false,
    mint: ({ ibm }) => ibm.mintToken({ description: 'by hand' }),
  },
  { what: 'a key that was created by hand', isKey: true, mint: ({ ibm }) => ibm.mintKey() },
  {
    what: 'a key with the name of this action',
    isKey: true,
    mint: ({ ibm }) => ibm.mintKey({ name: 'registry-pull-secret' }),
  },
]

describeScenarios(
  'the edit of a tenant',
  (openScenario) => {
    describe('a credential that a tenant stores', () => {
      it.each(FOREIGN)(
        'is not distributed, and the good one not revoked: $what',
        async ({ isKey, isListed = true, mint }) => {
          const provider = ({ ibmcloud }: Scenario) => ({ ...(isKey && ibmcloud), 'verify-image': '' })
          await using tenancy = await openTenancy(openScenario, { inputs: provider })
          const { scenario, inputs, tenant, others, first } = tenancy
          const theirs = mint(scenario)
          const edit = presented(theirs, isKey ? 'iamapikey' : 'token')
          await editSecret(scenario, tenant, edit)

          const reused = await scenario.run(inputs)

          expect(reused).toMatchObject({ code: 0, annotations: [] })
          expect(reused.outputs).toMatchObject({ minted: 'false', changed: 'true', revoked: '[]' })
          expect(reused.outputs.token).toBe(first.outputs.token)
          const reason = 'its issuer does not confirm that this action minted it.'
          expect(reused.log).toContain(`Skipped stored token ${theirs.id}: ${reason}`)
          // The registry does not even know the token of another organization.
          if (isListed) expect(reused.log).toContain(`Kept old token ${theirs.id}: ${reason}`)
          await expectServed(scenario, [...others, tenant], reused)
          expectUntouched(scenario, [theirs], reused)

          await editSecret(scenario, tenant, edit)
          const rotated = await scenario.run({ ...inputs, ...rotate })

          expect(rotated).toMatchObject({ code: 0, annotations: [] })
          expect(rotated.outputs).toMatchObject({ minted: 'true', revoked: `["${first.outputs['token-id']}"]` })
          await expectServed(scenario, [...others, tenant], rotated)
          expectUntouched(scenario, [theirs], rotated)
          expect(liveIds(scenario)).toEqual([theirs.id, rotated.outputs['token-id']].sort())
        },
      )

      it('is reused in place where it is the only target, and the next rotation replaces it', async () => {
        await using scenario = await openScenario()
        const first = await scenario.run()
        const theirs = scenario.ibm.mintToken({ description: 'by hand' })
        await editSecret(scenario, scenario.namespace, presented(theirs))
        scenario.forget()

        const reused = await scenario.run()

        // As docs/threat-model.md says: nothing else would hold it.
        expect(reused).toMatchObject({ code: 0, annotations: [] })
        expect(reused.outputs).toMatchObject({ minted: 'false', 'token-id': theirs.id, revoked: '[]' })
        expect(scenario.requests(/^(uaa|tokens)/)).toEqual([])

        const rotated = await scenario.run(rotate)

        expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
        expect(rotated.outputs.revoked).toBe(`["${first.outputs['token-id']}"]`)
        await expectServed(scenario, [scenario.namespace], rotated)
        expectUntouched(scenario, [theirs], rotated)
      })

      it.each(['first', 'last'] as const)(
        'does not count as that of the action by its id: the same id with another password, in the %s target',
        async (place) => {
          await using tenancy = await openTenancy(openScenario, { place })
          const { scenario, inputs, tenant, others, first } = tenancy
          const id = first.outputs['token-id'] ?? ''
          const theirs = scenario.ibm.mintToken({ description: 'by hand' })
          await editSecret(scenario, tenant, presented({ id, value: theirs.value }))

          const reused = await scenario.run(inputs)

          expect(reused).toMatchObject({ code: 0, annotations: [] })
          expect(reused.outputs).toMatchObject({ minted: 'false', revoked: '[]', unrevoked: '[]', 'token-id': id })
          expect(reused.outputs.token).toBe(first.outputs.token)
          await expectServed(scenario, [...others, tenant], reused)
          expectUntouched(scenario, [theirs], reused)
        },
      )

      it('is not that of another step for other hosts of the same secret', async () => {
        await using scenario = await openScenario()
        const tenant = await scenario.createNamespace()
        const inputs = { namespaces: `${scenario.namespace},${tenant}` }
        const host = scenario.ibm.registryHost.replace('127.0.0.1', 'localhost')
        const first = await scenario.run(inputs)
        const other = await scenario.run({ ...inputs, 'docker-server': host, write: 'true' })
        const stored = await scenario.secret(tenant)
        const entry = entryOf(stored, host)
        const records = recordsOf(stored).map((record) =>
          record.hosts.includes(host)
            ? record
            : { ...record, id: other.outputs['token-id'], 'minted-at': new Date().toISOString() },
        )
        const annotations = { 'registry-pull-secret/credentials': JSON.stringify(records) }
        const login = { username: 'token', password: other.outputs.token ?? '' }
        const auths = { [scenario.ibm.registryHost]: login, [host]: JSON.parse(`{${entry}}`)[host] }
        await scenario.kube.request(
          'PATCH',
          `/api/v1/namespaces/${tenant}/secrets/${stored.metadata.name}`,
          { metadata: { annotations }, data: { '.dockerconfigjson': btoa(JSON.stringify({ auths })) } },
          { 'content-type': 'application/merge-patch+json' },
        )

        const reused = await scenario.run(inputs)

        expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: '[]' } })
        expect(reused.outputs.token).toBe(first.outputs.token)
        for (const namespace of [scenario.namespace, tenant]) {
          const secret = await scenario.secret(namespace)
          expect(loginFor(secret, scenario.ibm.registryHost)?.password).toBe(first.outputs.token)
          expect(loginFor(secret, host)?.password).toBe(other.outputs.token)
        }
        expect(liveIds(scenario)).toEqual([first.outputs['token-id'], other.outputs['token-id']].sort())
      })

      it('that no token of this action is: a made-up token with the id of another team', async () => {
        await using tenancy = await openTenancy(openScenario)
        const { scenario, inputs, tenant, others, first } = tenancy
        const theirs = scenario.ibm.mintToken({ description: 'another team' })
        const edit = presented({ id: theirs.id, value: madeUpToken(scenario, theirs.id) })
        await editSecret(scenario, tenant, edit)

        const reused = await scenario.run(inputs)

        expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: '[]' } })
        expect(reused.outputs.token).toBe(first.outputs.token)
        await expectServed(scenario, [...others, tenant], reused)
        expectUntouched(scenario, [theirs], reused)
        expect(scenario.requests(/^tokens DELETE/)).toEqual([])

        await editSecret(scenario, tenant, edit)
        const rotated = await scenario.run({ ...inputs, ...rotate })

        expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
        await expectServed(scenario, [...others, tenant], rotated)
        expectUntouched(scenario, [theirs], rotated)
      })

      it.each(['..', '?secondaryOwner=', 'two words'])('causes no request for "%s", which is not an id', async (id) => {
        await using scenario = await openScenario()
        await scenario.run()
        await editSecret(scenario, scenario.namespace, presented({ id, value: madeUpToken(scenario, id) }))
        scenario.forget()

        const rotated = await scenario.run(rotate)

        expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
        expect(liveIds(scenario)).toContain(rotated.outputs['token-id'])
        // Revoking the token of the first run, which no secret holds any more, is not what this is about.
        expect(scenario.requests(/^\w+ DELETE (?!\/api\/v1\/tokens\/[0-9a-f-]{36}$)/)).toEqual([])
        expect(scenario.requests(/^tokens GET \/api\/v1\/tokens\//)).toEqual([])
      })
    })

    describe('a date that a tenant records', () => {
      it('ahead of now prolongs nothing, and is not copied to other targets', async () => {
        await using tenancy = await openTenancy(openScenario)
        const { scenario, inputs, tenant, others, first } = tenancy
        const mintedAt = recordsOf(await scenario.secret(others[0]))[0]?.['minted-at']
        await editSecret(scenario, tenant, { record: { 'minted-at': past(-365) } })

        const reused = await scenario.run(inputs)

        expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: '[]' } })
        await expectServed(scenario, [...others, tenant], reused)
        for (const namespace of [...others, tenant]) {
          expect(recordsOf(await scenario.secret(namespace))).toMatchObject([{ 'minted-at': mintedAt }])
        }
        expect(liveIds(scenario)).toEqual([first.outputs['token-id']])
      })

      it('ahead of now does not count in the only target either: the credential is renewed', async () => {
        await using scenario = await openScenario()
        const first = await scenario.run()
        await editSecret(scenario, scenario.namespace, { record: { 'minted-at': past(-365) } })

        const renewed = await scenario.run()

        expect(renewed).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
        expect(renewed.outputs.revoked).toBe(`["${first.outputs['token-id']}"]`)
        expect(renewed.log).toContain('the stored credential is older than `max-age`')
        await expectServed(scenario, [scenario.namespace], renewed)
      })

      it.each([
        { what: 'earlier than that of the mint', mine: 400, others: 0 },
        { what: 'later than those of the other targets', mine: 0, others: 40 },
      ])('does not prolong the life of the credential: $what', async ({ mine, others: age }) => {
        await using tenancy = await openTenancy(openScenario)
        const { scenario, inputs, tenant, others, first } = tenancy
        for (const namespace of others) await editSecret(scenario, namespace, { record: { 'minted-at': past(age) } })
        await editSecret(scenario, tenant, { record: { 'minted-at': past(mine) } })

        const renewed = await scenario.run(inputs)

        expect(renewed).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', unrevoked: '[]' } })
        expect(renewed.outputs.revoked).toBe(`["${first.outputs['token-id']}"]`)
        await expectServed(scenario, [...others, tenant], renewed)
        expect(liveIds(scenario)).toEqual([renewed.outputs['token-id']])
      })

      it('does not count where the issuer says when the token was minted', async () => {
        await using tenancy = await openTenancy(openScenario)
        const { scenario, inputs, tenant, others, first } = tenancy
        const [{ description = '' } = {}] = scenario.ibm.liveTokens()
        const aged = scenario.ibm.mintToken({ description: description.replace(/\S+Z (?=\S+$)/, `${past(40)} `) })
        await editSecret(scenario, tenant, presented(aged))

        const reused = await scenario.run(inputs)

        expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', unrevoked: '[]' } })
        expect(reused.log).toContain(
          `Skipped stored token ${aged.id}: the stored credential is older than \`max-age\`.`,
        )
        expect(reused.outputs).toMatchObject({ 'token-id': first.outputs['token-id'], revoked: `["${aged.id}"]` })
        await expectServed(scenario, [...others, tenant], reused)
      })
    })

    describe('what a tenant records', () => {
      it('protects no token by itself: `retained` and `scope`, where the clusters can be listed', async () => {
        await using tenancy = await openTenancy(openScenario)
        const { scenario, inputs, tenant, others, first } = tenancy
        const leftover = mintLeftover(scenario)
        const [{ scope = [] } = {}] = recordsOf(await scenario.secret(tenant))
        const [cluster] = (scope[0] ?? '').split(' ')
        const made = [
          `${cluster} elsewhere/regcred`,
          `${cluster} 7 regcred sha256:0123456789abcdef`,
          'elsewhere a/regcred',
        ]
        await editSecret(scenario, tenant, { record: { retained: [leftover.id], scope: [...scope, ...made] } })

        const rotated = await scenario.run({ ...inputs, ...rotate })

        expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', unrevoked: '[]' } })
        expect(JSON.parse(rotated.outputs.revoked ?? '').sort()).toEqual(
          [first.outputs['token-id'], leftover.id].sort(),
        )
        await expectServed(scenario, [...others, tenant], rotated)
        expect(recordsOf(await scenario.secret(tenant))[0]).not.toHaveProperty('retained')
        expect(recordsOf(await scenario.secret(tenant))[0]?.scope).toEqual(scope)
        expect(liveIds(scenario)).toEqual([rotated.outputs['token-id']])
      })

      it.each(['retained', 'superseded', 'description', 'id'] as const)(
        'revokes no token of others: its id or description as %s',
        async (place) => {
          const description = { 'token-description': 'ci' }
          await using tenancy = await openTenancy(openScenario, { inputs: () => description })
          const { scenario, inputs, tenant, others, first } = tenancy
          const victims = await mintVictims(scenario, inputs)
          for (const run of [{}, rotate]) {
            // Only one id fits into the record.
            for (const some of place === 'id' ? victims.map((one) => [one]) : [victims]) {
              const stored = await scenario.secret(tenant)
              await editSecret(scenario, tenant, naming(stored, place, some))
              scenario.forget()

              const result = await scenario.run({ ...inputs, ...run })

              expect(result).toMatchObject({ code: 0, annotations: [] })
              await expectServed(scenario, [...others, tenant], result)
              expectUntouched(scenario, victims, result)
            }
          }
          expect(liveIds(scenario)).not.toContain(first.outputs['token-id'])
          expect(liveIds(scenario)).toHaveLength(victims.length + 1)
        },
      )

      it('about a rotation ends well: a made-up one with a date ahead of now is removed', async () => {
        await using tenancy = await openTenancy(openScenario)
        const { scenario, inputs, tenant, others, first } = tenancy
        const [{ description = '' } = {}] = scenario.ibm.liveTokens()
        const later = description.replace(/\S+Z (?=\S+$)/, `${past(-365)} `)
        const [{ hosts = [], provider = '', repository = '' } = {}] = recordsOf(await scenario.secret(tenant))
        const rotation = { key: 'made-up', hosts, provider, repository, descriptions: [later], superseded: [] }
        await editSecret(scenario, tenant, { annotations: { [PENDING]: JSON.stringify([rotation]) } })

        const reused = await scenario.run(inputs)

        expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', unrevoked: '[]' } })
        await expectServed(scenario, [...others, tenant], reused)
        expect(liveIds(scenario)).toEqual([first.outputs['token-id']])
      })
    })
  },
  { onlyOnReal: true },
)

/** Not signed by the registry, which only the registry can tell. */
function madeUpToken({ ibm }: Scenario, jti: string): string {
  return signHs256({ jti, iss: ibm.registryHost }, 'made up')
}

/** A token of a run of this very step that was killed: no secret holds it. */
function mintLeftover({ ibm }: Scenario): Issued {
  const [{ description = '' } = {}] = ibm.liveTokens()
  return ibm.mintToken({ description: description.replace(/\S+$/, 'leftover') })
}

/** Tokens that are none of this step's: of others in the same organization, and in another one. */
async function mintVictims(scenario: Scenario, inputs: Readonly<Record<string, string>>): Promise<readonly Issued[]> {
  const { ibm } = scenario
  const [{ description = '' } = {}] = ibm.liveTokens()
  await scenario.run({ ...inputs, 'secret-name': 'other' })
  const [otherSecret] = ibm.liveTokens().slice(-1)
  return [
    ...(otherSecret ? [otherSecret] : []),
    ibm.mintToken({ description: 'another team' }),
    ibm.mintToken({ description: description.replace('ci ', 'registry-pull-secret acme/other regcred ') }),
    ibm.mintToken({ description, organization: otherOrganization.guid }),
  ]
}

// biome-ignore lint/suspicious/noExplicitAny: a secret as the API server has it
function naming(stored: any, place: 'retained' | 'superseded' | 'description' | 'id', tokens: readonly Issued[]) {
  const ids = tokens.map(({ id }) => id)
  const [{ hosts = [], provider = '', repository = '' } = {}] = recordsOf(stored)
  const descriptions = tokens.flatMap((token) => ('description' in token ? [token.description] : []))
  const rotation = { key: 'made-up', hosts, provider, repository, descriptions, superseded: ids }
  switch (place) {
    case 'retained':
      return { record: { retained: ids } }
    case 'id':
      return { record: { id: ids[0] ?? '' } }
    case 'superseded':
      return { annotations: { [PENDING]: JSON.stringify([{ ...rotation, descriptions: [] }]) } }
    case 'description':
      return { annotations: { [PENDING]: JSON.stringify([rotation]) } }
  }
}
