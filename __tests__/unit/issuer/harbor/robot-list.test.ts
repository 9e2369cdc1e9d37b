import { describe, expect, it } from 'vitest'
import { Projects } from '../../../../src/issuer/harbor/project.ts'
import { createRobotIssuer } from '../../../../src/issuer/harbor/robot-account.ts'
import { robotNameOf } from '../../../../src/issuer/harbor/robot-name.ts'
import { startFakeHarbor } from '../../../support/harbor/environment.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { DESCRIPTION, issuerOf, requestFor, requests, send } from './fixture.ts'

const nameOf = (description: string) => `team+${robotNameOf(description)}`
const OTHER = robotNameOf('other')
const issuerAt = (url: string) => createRobotIssuer(send, requestFor(url, { projects: ['*'] }), new Projects())

describe('the list', () => {
  it('has the robot accounts of the project with our names from all pages, and no others', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    const descriptions = Array.from({ length: 205 }, (_, index) => `robot ${index}`)
    const ours = descriptions.map((description) => harbor.createRobot({ name: nameOf(description), description }))
    harbor.createRobot()
    harbor.deleteRobot(ours[3]?.id ?? '')
    harbor.journal.length = 0
    const listed = await issuer.list()
    expect(new Set(listed.map(({ description }) => description))).toEqual(
      new Set(descriptions.filter((_, index) => index !== 3)),
    )
    const query = 'GET robots Level=project,ProjectID=2,name=~registry-pull-secret-'
    // The project administrator may not list the system level, where an earlier run may have minted.
    expect(requests(harbor)).toEqual([query, query, query, 'GET robots name=~registry-pull-secret-'])
  })

  it('has disabled and expired ones: they exist until they are deleted', async () => {
    await using harbor = await startFakeHarbor()
    const [one, another] = ['one', 'another'].map((description) =>
      harbor.createRobot({ name: nameOf(description), description }),
    )
    harbor.disableRobot(one?.id ?? '')
    harbor.expireRobot(another?.id ?? '')
    expect(await (await issuerOf(harbor)).list()).toHaveLength(2)
  })

  it('has those of both levels, after `projects` was changed', async () => {
    await using harbor = await startFakeHarbor()
    const project = await (await issuerOf(harbor)).mint(DESCRIPTION)
    const both = await issuerOf(harbor, { ...harbor.admin, projects: ['team', 'other'] })
    const system = await both.mint(DESCRIPTION)
    const ids = async (issuer: typeof both) => (await issuer.list()).map(({ id }) => id).sort()
    expect(await ids(both)).toEqual([project.id, system.id])
    expect(await ids(await issuerOf(harbor, { ...harbor.admin, projects: ['team'] }))).toEqual([project.id, system.id])
    expect(await ids(await issuerOf(harbor))).toEqual([project.id])
  })

  it('has those of a project that is no longer among the inputs, once a target is seen to hold one', async () => {
    await using harbor = await startFakeHarbor()
    const earlier = await (await issuerOf(harbor)).mint(DESCRIPTION)
    for (const projects of [['other'], ['other', 'library'], ['*']]) {
      const issuer = await issuerOf(harbor, { ...harbor.admin, projects })
      expect(await issuer.list()).toEqual([])
      expect(await issuer.confirm(earlier)).toBe('match')
      expect(await issuer.list()).toEqual([{ id: earlier.id, description: DESCRIPTION }])
    }
  })

  it('fails where the login may create but not list robot accounts', async () => {
    await using harbor = await startFakeHarbor()
    const access = [{ resource: 'project', action: 'read' }]
    const { username, value } = harbor.createRobot({ permissions: [{ kind: 'project', namespace: 'team', access }] })
    await expect((await issuerOf(harbor, { username, password: value })).list()).rejects.toMatchObject({
      message: expect.stringContaining('Could not list the robot accounts of project team'),
      hint: expect.stringContaining('permission to list robot accounts'),
    })
    await expect((await issuerOf(harbor, { projects: ['*'] })).list()).rejects.toMatchObject({
      message: expect.stringContaining('Could not list the robot accounts of the system level'),
      hint: expect.stringContaining('Only a system administrator'),
    })
  })

  it('fails when the other level cannot be read, which is not the same as that it may not be', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor, harbor.admin)
    const isSystem = ({ query }: { query: URLSearchParams }) => query.get('q')?.startsWith('name') ?? false
    const fault = { kind: 'status', status: 503, headers: { 'retry-after': '0' } } as const
    harbor.faults.add({ when: isSystem, fault, times: 9 })
    await expect(issuer.list()).rejects.toMatchObject({ status: 503 })
  })

  it('is requested from our server only, whatever the link to the next page says, and leaves out what is no robot', async () => {
    await using other = await startWebServer(() => json(200, []))
    await using server = await startWebServer(({ query }) => {
      const link = { link: `<${other.url}/api?page=2>; rel="next"` }
      const bad = [
        null,
        7,
        {},
        { id: 'x', name: OTHER },
        { id: 1.5, name: OTHER },
        { id: 9, name: `a b${OTHER}` },
        { id: 8 },
        { id: 7, name: 'robot$registry-pull-secret-by-hand' },
      ]
      return query.get('page') === '1'
        ? json(200, [{ id: 1, name: `robot$${OTHER}`, description: 7 }, ...bad], link)
        : json(200, [{ id: 2, name: `robot$${OTHER}`, description: 'b' }])
    })
    expect(await issuerAt(server.url).list()).toEqual([
      { id: `1-${OTHER.slice(-16)}`, description: '' },
      { id: `2-${OTHER.slice(-16)}`, description: 'b' },
    ])
    expect(other.journal).toEqual([])
  })

  it('goes on after a full page where a proxy removed the link', async () => {
    await using server = await startWebServer(({ query }) => {
      const [first, length] = query.get('page') === '1' ? [1, 100] : [101, 1]
      return json(
        200,
        Array.from({ length }, (_, index) => ({ id: first + index, name: OTHER })),
      )
    })
    expect(await issuerAt(server.url).list()).toHaveLength(101)
  })

  it.each([
    [
      'full pages',
      () =>
        json(
          200,
          Array.from({ length: 100 }, () => ({ id: 1, name: OTHER })),
        ),
    ],
    ['a next page', () => json(200, [{ id: 1, name: OTHER }], { link: '</x>; rel="next"' })],
    ['a next page of nothing', () => json(200, [], { link: '</x>; rel="next"' })],
  ])('stops at a server that always returns %s', async (_, respond) => {
    await using server = await startWebServer(respond)
    expect((await issuerAt(server.url).list()).length).toBeLessThan(2)
    expect(server.journal.length).toBeLessThan(1000)
  })

  it.each(['{}', '7', '[', ''])('rejects the body %j', async (body) => {
    await using server = await startWebServer(() => ({ status: 200, body }))
    await expect(issuerAt(server.url).list()).rejects.toMatchObject({ code: 'issuer-unexpected-response' })
  })

  it('is empty for null, as Go writes an empty list', async () => {
    await using server = await startWebServer(() => ({ status: 200, body: 'null' }))
    expect(await issuerAt(server.url).list()).toEqual([])
  })
})
