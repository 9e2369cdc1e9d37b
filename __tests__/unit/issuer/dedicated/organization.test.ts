import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { getOrganizationGuid } from '../../../../src/issuer/dedicated/organization.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { type PracticeEnvironment, startPracticeEnvironment } from '../../../support/ibm/environment.ts'
import { foreignOrganization, practiceOrganizations } from '../../../support/ibm/organizations.ts'
import type { Switches } from '../../../support/ibm/switches.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

function find(name: string, { api, login }: PracticeEnvironment): Promise<string> {
  return getOrganizationGuid(send, api, login.uaaToken, { name })
}

const apis: [string, Partial<Switches>][] = [
  ['v3 and v2', {}],
  ['v3 alone', { v2: 'absent' }],
  ['v2 alone', { v3: false }],
]

describe.each(apis)('by API %s', (_, switches) => {
  const named = practiceOrganizations.filter(({ name }) => name !== 'twin' && name !== foreignOrganization.name)

  it.each(named)('finds "$name"', async ({ name, guid }) => {
    await using environment = await startPracticeEnvironment({ switches })
    expect(await find(name, environment)).toBe(guid)
  })

  it('finds what is on another page', async () => {
    // `CASE` comes after `Case`, which the server takes for the same name.
    await using environment = await startPracticeEnvironment({ switches: { ...switches, pageSize: 1 } })
    const { guid } = named.find(({ name }) => name === 'CASE') ?? {}
    expect(await find('CASE', environment)).toBe(guid)
    expect(environment.journal.filter(({ query }) => query.get('page') === '2')).toHaveLength(1)
  })

  it.each([undefined, 1])('refuses to choose among twins, on pages of %s', async (pageSize) => {
    await using environment = await startPracticeEnvironment({ switches: { ...switches, pageSize } })
    const twins = practiceOrganizations.filter(({ name }) => name === 'twin').map(({ guid }) => guid)
    await expect(find('twin', environment)).rejects.toMatchObject({
      message: `2 organizations are called "twin": ${twins.join(', ')}`,
      cure: 'Give the right one as `organization-guid`.',
    })
  })

  it.each([
    ['nowhere', ''],
    ['Foreign Team', ''],
    ['platform team', ', only "Platform Team"'],
    ['cAse', ', only "Case", "CASE"'],
    ['Platform', ''],
    ['a,', ''],
    ['*', ''],
  ])('finds no "%s"', async (name, hint) => {
    await using environment = await startPracticeEnvironment({ switches })
    await expect(find(name, environment)).rejects.toMatchObject({
      message: `No organization "${name}" at ${environment.api}${hint}`,
      cure: expect.stringContaining('`organization-guid`'),
    })
  })

  it('shows the token, and says what to do when it does not count', async () => {
    await using environment = await startPracticeEnvironment({ switches })
    await find('Platform Team', environment)
    const authorization = `Bearer ${environment.login.uaaToken}`
    expect(environment.journal.map(({ headers }) => headers.authorization)).toEqual(
      environment.journal.map(() => authorization),
    )
    const refused = getOrganizationGuid(send, environment.api, 'not.a.token', { name: 'Platform Team' })
    await expect(refused).rejects.toMatchObject({ status: 401, cure: expect.stringContaining('may have ended') })
    await expect(refused).rejects.toThrow('CF-InvalidAuthToken: Invalid Auth Token')
  })
})

it('passes a GUID through without a request', async () => {
  await using environment = await startPracticeEnvironment()
  expect(await getOrganizationGuid(send, environment.api, 'a.b.c', { guid: 'some-guid' })).toBe('some-guid')
  expect(environment.journal).toEqual([])
})

it('asks v3 first, and v2 only when there is no v3', async () => {
  await using environment = await startPracticeEnvironment()
  await find('Platform Team', environment)
  environment.switches.v3 = false
  await find('Platform Team', environment)
  expect(environment.journal.map(({ path }) => path)).toEqual([
    '/v3/organizations',
    '/v3/organizations',
    '/v2/organizations',
  ])
})

it('shows the token to no other host, whatever the link to the next page says', async () => {
  await using other = await startWebServer(() => json(200, { resources: [] }))
  await using server = await startWebServer(({ query }) =>
    query.get('page') === '2'
      ? json(200, { pagination: { next: null }, resources: [{ guid: 'second', name: 'Team' }] })
      : json(200, { pagination: { next: { href: `${other.url}/v3/organizations?page=2` } }, resources: [] }),
  )
  expect(await getOrganizationGuid(send, server.url, 'a.b.c', { name: 'Team' })).toBe('second')
  expect(other.journal).toEqual([])
})

it.each([{}, { resources: null }, { resources: ['Team', { guid: 7, name: 'Team' }, { name: 'Team' }] }])(
  'takes %j for no organization',
  async (body) => {
    await using server = await startWebServer(() => json(200, body))
    await expect(getOrganizationGuid(send, server.url, 'a.b.c', { name: 'Team' })).rejects.toThrow('No organization')
  },
)

it('says names of the server in one harmless line', async () => {
  const resources = [{ guid: 'a', name: 'x\n::error::evil' }]
  await using server = await startWebServer(() => json(200, { resources }))
  await expect(getOrganizationGuid(send, server.url, 'a.b.c', { name: 'x' })).rejects.toThrow(
    `No organization "x" at ${server.url}, only "x\\n: :error: :evil"`,
  )
})
