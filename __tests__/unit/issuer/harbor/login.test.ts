import { expect, it } from 'vitest'
import { createHarborProvider } from '../../../../src/issuer/harbor/provider.ts'
import { startFakeHarbor } from '../../../support/harbor/environment.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { issuerOf, never, requestFor, requests, send } from './fixture.ts'

it('tries the login where one is needed, and then looks up the project', async () => {
  await using harbor = await startFakeHarbor()
  await issuerOf(harbor)
  expect(requests(harbor)).toEqual(['GET users/current', 'GET projects/team'])
  const { username, password } = harbor.projectAdmin
  expect(harbor.journal[0]?.headers.authorization).toBe(`Basic ${btoa(`${username}:${password}`)}`)
})

it('tries a wrong login once, also where all projects are public', async () => {
  await using harbor = await startFakeHarbor()
  const session = issuerOf(harbor, { password: 'wrong password', projects: ['library'] })
  await expect(session).rejects.toMatchObject({
    code: 'issuer-login-failed',
    message: `Could not log in to Harbor at ${harbor.url}: GET ${harbor.url}/api/v2.0/users/current returned 401 UNAUTHORIZED: unauthorized`,
    hint: expect.stringContaining('Check `username` and `password`'),
  })
  expect(harbor.failedLogins).toEqual(['jo'])
})

it('accepts a robot account, to which Harbor returns 412', async () => {
  await using harbor = await startFakeHarbor()
  const access = [{ resource: 'project', action: 'read' }]
  const { username, value } = harbor.createRobot({ permissions: [{ kind: 'project', namespace: 'team', access }] })
  await issuerOf(harbor, { username, password: value })
  expect(harbor.journal.map(({ status }) => status)).toEqual([412, 200])
})

it('looks up no project for a system-level robot account', async () => {
  await using harbor = await startFakeHarbor()
  for (const projects of [['team', 'other'], ['*']]) await issuerOf(harbor, { ...harbor.admin, projects })
  expect(requests(harbor)).toEqual(['GET users/current', 'GET users/current'])
})

it('reads a project whose name is a number by its name', async () => {
  await using harbor = await startFakeHarbor()
  harbor.projects.push({ id: 4, name: '2', isPublic: false })
  const issuer = await issuerOf(harbor, { ...harbor.admin, projects: ['2'] })
  await issuer.list()
  expect(requests(harbor)).toContain('GET robots Level=project,ProjectID=4,name=~registry-pull-secret-')
})

it.each([
  ['none', 403],
  ['other', 403],
])('has a hint where the project %s cannot be read', async (project, status) => {
  await using harbor = await startFakeHarbor()
  await expect(issuerOf(harbor, { projects: [project] })).rejects.toMatchObject({
    status,
    message: expect.stringContaining(`Could not look up project ${project} at ${harbor.url}`),
    hint: expect.stringContaining('Check `projects`'),
  })
})

it('has a hint where Harbor has no such project', async () => {
  await using harbor = await startFakeHarbor()
  await expect(issuerOf(harbor, { ...harbor.admin, projects: ['none'] })).rejects.toMatchObject({
    code: 'issuer-not-found',
    hint: expect.stringContaining('Check `projects`'),
  })
})

it.each([
  ['a web page', { status: 200, body: '<html>' }],
  ['no page', { status: 404, body: 'not here' }],
])('rejects %s in the place of Harbor', async (_, response) => {
  await using server = await startWebServer(() => response)
  await expect(createHarborProvider(requestFor(server.url)).open(send, never)).rejects.toMatchObject({
    hint: expect.stringMatching(/^Check (`registry-endpoint`|the endpoint)/),
  })
})

it.each([{}, { project_id: '2' }, { project_id: -1 }, { project_id: 1.5 }])('rejects the project %j', async (body) => {
  await using server = await startWebServer(({ path }) => json(200, path.endsWith('current') ? {} : body))
  await expect(createHarborProvider(requestFor(server.url)).open(send, never)).rejects.toMatchObject({
    code: 'issuer-unexpected-response',
  })
})

it('sends the login to its own server only', async () => {
  await using other = await startWebServer(() => json(200, {}))
  await using server = await startWebServer(() => ({ status: 307, headers: { location: `${other.url}/api` } }))
  await createHarborProvider(requestFor(server.url, { projects: ['*'] })).open(send, never)
  expect(other.journal.map(({ headers }) => headers.authorization)).toEqual([undefined])
})

it('says how a person deletes a robot account', () => {
  const { manualRevocation } = createHarborProvider(requestFor('https://harbor.example.com'))
  expect(manualRevocation('<id>')).toContain('/robots/<id>`')
  expect(manualRevocation('7-0123456789abcdef')).toBe(
    'Delete it with `curl -u <user> -X DELETE https://harbor.example.com/api/v2.0/robots/7`, or in Harbor under Robot Accounts.',
  )
})
