import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { getOrganizationGuid } from '../../../../src/issuer/dedicated/organization.ts'
import { json, type RecordedRequest } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { type FakeIbm, startFakeIbm } from '../../../support/ibm/environment.ts'
import { foreignOrganization, testOrganizations } from '../../../support/ibm/organizations.ts'
import type { Switches } from '../../../support/ibm/switches.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

function find(name: string, { api, login }: FakeIbm): Promise<string> {
  return getOrganizationGuid(send, { apiEndpoint: api, accessToken: login.uaaToken, organization: { name } })
}

const findAt = (apiEndpoint: string, name: string) =>
  getOrganizationGuid(send, { apiEndpoint, accessToken: 'a.b.c', organization: { name } })

const apis: [string, Partial<Switches>][] = [
  ['v3 and v2', {}],
  ['v3 only', { v2: 'absent' }],
  ['v2 only', { v3: false }],
]

describe.each(apis)('with API %s', (_, switches) => {
  const named = testOrganizations.filter(({ name }) => name !== 'twin' && name !== foreignOrganization.name)

  it.each(named)('finds "$name"', async ({ name, guid }) => {
    await using environment = await startFakeIbm({ switches })
    expect(await find(name, environment)).toBe(guid)
  })

  it('finds an organization on the second page', async () => {
    // The server compares names without case: `Case` is on the first page and `CASE` on the second.
    await using environment = await startFakeIbm({ switches: { ...switches, pageSize: 1 } })
    const { guid } = named.find(({ name }) => name === 'CASE') ?? {}
    expect(await find('CASE', environment)).toBe(guid)
    expect(environment.journal.filter(({ query }) => query.get('page') === '2')).toHaveLength(1)
  })

  it.each([undefined, 1])('rejects an ambiguous name, with page size %s', async (pageSize) => {
    await using environment = await startFakeIbm({ switches: { ...switches, pageSize } })
    const twins = testOrganizations.filter(({ name }) => name === 'twin').map(({ guid }) => guid)
    await expect(find('twin', environment)).rejects.toMatchObject({
      message: `2 organizations have the name "twin": ${twins.join(', ')}`,
      hint: 'Set `organization-guid` to the right one.',
    })
  })

  it.each([
    ['nowhere', ''],
    ['Foreign Team', ''],
    ['platform team', ' (similar names: "Platform Team")'],
    ['cAse', ' (similar names: "Case", "CASE")'],
    ['Platform', ''],
    ['a,', ''],
    ['*', ''],
  ])('reports that "%s" does not exist', async (name, similar) => {
    await using environment = await startFakeIbm({ switches })
    await expect(find(name, environment)).rejects.toMatchObject({
      message: `Organization "${name}" was not found at ${environment.api}${similar}`,
      hint: expect.stringContaining('`organization-guid`'),
    })
  })

  it.each([
    ['Platfrom Team', 'Organizations of this login near "Platfrom Team": "Platform Team".'],
    ['nowhere', 'Existing organizations of this login: "Platform Team", "Other Team", "a,b", "a", "b" and others.'],
    ['platform team', undefined],
  ])('offers the organizations of the user for "%s"', async (name, suggestion) => {
    await using environment = await startFakeIbm({ switches })
    const error = await find(name, environment).catch((thrown) => thrown)
    const end = ['or set `organization-guid`.', suggestion].filter(Boolean).join(' ')
    expect(error.hint.slice(-end.length)).toBe(end)
  })

  it('reads one page of them, and sends the same error where that fails', async () => {
    await using environment = await startFakeIbm({ switches: { ...switches, pageSize: 2 } })
    const message = `Organization "nowhere" was not found at ${environment.api}`
    await expect(find('nowhere', environment)).rejects.toMatchObject({ hint: expect.stringMatching(/"Other Team"\.$/) })
    expect(environment.journal.filter(({ query }) => query.has('page'))).toEqual([])
    for (const status of [401, 403, 404, 500]) {
      const when = ({ path, query }: RecordedRequest) =>
        /organizations/.test(path) && !query.has('names') && !query.has('q')
      environment.faults.add({ when, fault: { kind: 'status', status } })
      await expect(find('nowhere', environment)).rejects.toMatchObject({
        code: 'organization-not-found',
        message,
        hint: expect.stringMatching(/or set `organization-guid`\.$/),
      })
    }
  })

  it('sends the access token, and says what to do when it is rejected', async () => {
    await using environment = await startFakeIbm({ switches })
    await find('Platform Team', environment)
    const authorization = `Bearer ${environment.login.uaaToken}`
    expect(environment.journal.map(({ headers }) => headers.authorization)).toEqual(
      environment.journal.map(() => authorization),
    )
    const refused = getOrganizationGuid(send, {
      apiEndpoint: environment.api,
      accessToken: 'not.a.token',
      organization: { name: 'Platform Team' },
    })
    await expect(refused).rejects.toMatchObject({ status: 401, hint: expect.stringContaining('may have expired') })
    await expect(refused).rejects.toThrow('CF-InvalidAuthToken: Invalid Auth Token')
  })
})

it('returns a GUID without a request', async () => {
  await using environment = await startFakeIbm()
  const request = { apiEndpoint: environment.api, accessToken: 'a.b.c', organization: { guid: 'some-guid' } }
  expect(await getOrganizationGuid(send, request)).toBe('some-guid')
  expect(environment.journal).toEqual([])
})

it('requests v3 first, and v2 only when v3 does not exist', async () => {
  await using environment = await startFakeIbm()
  await find('Platform Team', environment)
  environment.switches.v3 = false
  await find('Platform Team', environment)
  expect(environment.journal.map(({ path }) => path)).toEqual([
    '/v3/organizations',
    '/v3/organizations',
    '/v2/organizations',
  ])
})

it('sends the access token to no other host that a link to the next page names', async () => {
  await using other = await startWebServer(() => json(200, { resources: [] }))
  await using server = await startWebServer(({ query }) =>
    query.get('page') === '2'
      ? json(200, { pagination: { next: null }, resources: [{ guid: 'second', name: 'Team' }] })
      : json(200, { pagination: { next: { href: `${other.url}/v3/organizations?page=2` } }, resources: [] }),
  )
  expect(await findAt(server.url, 'Team')).toBe('second')
  expect(other.journal).toEqual([])
})

it('reports an API that has neither v3 nor v2', async () => {
  await using server = await startWebServer(() => json(404, { error: 'Not Found' }))
  await expect(findAt(server.url, 'Team')).rejects.toMatchObject({
    code: 'issuer-not-found',
    message: expect.stringContaining('neither /v3/organizations nor /v2/organizations'),
    hint: expect.stringContaining('`api-endpoint`'),
    details: { host: new URL(server.url).host },
  })
})

it.each([{}, { resources: null }, { resources: ['Team', { guid: 7, name: 'Team' }, { name: 'Team' }] }])(
  'finds no organization in %j',
  async (body) => {
    await using server = await startWebServer(() => json(200, body))
    await expect(findAt(server.url, 'Team')).rejects.toThrow('Organization "Team" was not found')
  },
)

it('escapes the names that the server returns', async () => {
  const resources = [{ guid: 'a', name: 'x\n::error::evil' }]
  await using server = await startWebServer(() => json(200, { resources }))
  await expect(findAt(server.url, 'x')).rejects.toThrow(
    `Organization "x" was not found at ${server.url} (similar names: "x\\n: :error: :evil")`,
  )
})
