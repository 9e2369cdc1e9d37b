import { describe, expect, it } from 'vitest'
import { UnexpectedResponse } from '../../../../src/http/errors.ts'
import { Projects } from '../../../../src/issuer/harbor/project.ts'
import { createRobotIssuer } from '../../../../src/issuer/harbor/robot-account.ts'
import { isOwnName, robotNameOf } from '../../../../src/issuer/harbor/robot-name.ts'
import { mintOnce } from '../../../../src/issuer/mint-once.ts'
import { redact } from '../../../../src/runner/mask.ts'
import { type FakeHarbor, startFakeHarbor } from '../../../support/harbor/environment.ts'
import { json } from '../../../support/http/exchange.ts'
import type { Fault } from '../../../support/http/faults.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'
import { DESCRIPTION, issuerOf, never, requestFor, requests, send } from './fixture.ts'

const NAME = robotNameOf(DESCRIPTION)
const DAY_MS = 24 * 60 * 60 * 1000

/** The issuer at a server, without a login before. */
const issuerAt = (url: string, changes = {}) => createRobotIssuer(send, requestFor(url, changes), new Projects())
const bodyOf = ({ journal }: Pick<FakeHarbor, 'journal'>) =>
  JSON.parse(journal.findLast(({ method }) => method === 'POST')?.body ?? '')

describe('the name', () => {
  it('begins alike for mints for the same targets, and is unique to each', () => {
    const name = (unique: string, scope = 'shop') =>
      robotNameOf(`ci [c1 ${scope}/pull] harbor.example.com 7.1 2026-11-26T08:00:00.000Z ${unique}`)
    const prefix = (name: string) => name.slice(0, 'registry-pull-secret-'.length + 8)
    expect(prefix(name('a'))).toBe(prefix(name('b')))
    expect(prefix(name('a'))).not.toBe(prefix(name('a', 'other')))
    expect(name('a')).not.toBe(name('b'))
    for (const text of [DESCRIPTION, 'one', '']) expect(isOwnName(`robot$team+${robotNameOf(text)}`)).toBe(true)
    for (const text of ['robot$team+ci', 'robot$registry-pull-secret-', `${NAME}x`]) expect(isOwnName(text)).toBe(false)
  })
})

describe('a mint', () => {
  it('creates a robot account of the project, which may pull, and has a user name of its own', async () => {
    await using harbor = await startFakeHarbor()
    using captured = captureLog()
    const { id, value, username, expiresAt } = await (await issuerOf(harbor)).mint(DESCRIPTION)
    expect(bodyOf(harbor)).toEqual({
      name: NAME,
      description: DESCRIPTION,
      level: 'project',
      duration: -1,
      permissions: [{ kind: 'project', namespace: 'team', access: [{ resource: 'repository', action: 'pull' }] }],
    })
    expect(harbor.presentRobots()).toMatchObject([{ id, value, username, description: DESCRIPTION, projectId: 2 }])
    expect(username).toBe(`robot$team+${NAME}`)
    expect(expiresAt).toBeUndefined()
    expect(captured.log.masks).toContain(value)
    expect(redact(String(username))).toBe(username)
    expect(await harbor.pullsWith(username ?? '', value)).toBe(200)
  })

  it.each([
    [
      ['team', 'other'],
      ['team', 'other'],
    ],
    [['*'], ['*']],
  ])('for the projects %j creates a system-level one', async (projects, namespaces) => {
    await using harbor = await startFakeHarbor()
    const { value, username } = await (await issuerOf(harbor, { ...harbor.admin, projects })).mint(DESCRIPTION)
    const { level, permissions } = bodyOf(harbor)
    expect(level).toBe('system')
    expect(permissions.map(({ namespace }: { namespace: string }) => namespace)).toEqual(namespaces)
    expect(username).toBe(`robot$${NAME}`)
    expect(await harbor.pullsWith(username ?? '', value, harbor.otherImage)).toBe(200)
  })

  it.each([
    [1, 1],
    [DAY_MS, 1],
    [DAY_MS + 1, 2],
    [90 * DAY_MS, 90],
  ])('with an expiry of %i ms asks for %i days, and returns the time of Harbor', async (expiresInMs, days) => {
    await using harbor = await startFakeHarbor()
    const { expiresAt } = await (await issuerOf(harbor, { expiresInMs })).mint(DESCRIPTION)
    expect(bodyOf(harbor).duration).toBe(days)
    expect(expiresAt?.getTime()).toBe((harbor.robots()[0]?.expiresAt ?? 0) * 1000)
  })

  it('takes the expiry that Harbor returns, and else the requested one', async () => {
    const minted = async (more: object) => {
      await using server = await startWebServer(() => json(201, { id: 1, name: NAME, secret: 'Aa345678', ...more }))
      return (await issuerAt(server.url, { expiresInMs: DAY_MS }).mint(DESCRIPTION)).expiresAt
    }
    expect(await minted({ expires_at: 1_800_000_000 })).toEqual(new Date(1_800_000_000_000))
    expect(await minted({ expires_at: -1 })).toBeUndefined()
    expect((await minted({}))?.getTime()).toBeGreaterThan(Date.now() + DAY_MS - 60_000)
  })

  it.each([
    {},
    { id: 1, name: NAME },
    { id: 1, secret: 'Secret-without-name-1' },
    { name: NAME, secret: 'Secret-without-id-1' },
    { id: '1', name: NAME, secret: 'Secret-with-text-1' },
    { id: 2 ** 60, name: NAME, secret: 'Secret-with-large-id-1' },
    { id: 1, name: 'robot$another', secret: 'Secret-with-name-1' },
    { id: 1, name: `a:b${NAME}`, secret: 'Secret-with-colon-1' },
    { id: 1, name: `a\n${NAME}`, secret: 'Secret-with-break-1' },
    { id: 1, name: NAME, secret: { text: 'Secret' } },
  ])('rejects the response %j', async (body) => {
    await using server = await startWebServer(() => json(201, body))
    const minted = issuerAt(server.url).mint(DESCRIPTION)
    await expect(minted).rejects.toBeInstanceOf(UnexpectedResponse)
    await expect(minted).rejects.not.toThrow(/Secret-/)
  })

  it('with a description that Harbor cannot store fails without a request', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    harbor.journal.length = 0
    await issuer.mint('x'.repeat(1024))
    await expect(issuer.mint('x'.repeat(1025))).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('a description of 1025 characters, and Harbor stores 1024'),
    })
    expect(requests(harbor)).toEqual(['POST robots'])
  })
})

describe('a mint by a robot account', () => {
  it.each([{}, { effect: 'allow' }])('has the permissions of that one, which were stored with %j', async (effect) => {
    await using harbor = await startFakeHarbor()
    const access = ['project:read', 'robot:create', 'repository:pull'].map((permission) => {
      const [resource = '', action = ''] = permission.split(':')
      return { resource, action, ...effect }
    })
    const creator = harbor.createRobot({ permissions: [{ kind: 'project', namespace: 'team', access }] })
    const issuer = await issuerOf(harbor, { username: creator.username, password: creator.value })
    const { value, username } = await issuer.mint(DESCRIPTION)
    expect(await harbor.pullsWith(username ?? '', value)).toBe(200)
    expect(harbor.presentRobots()).toHaveLength(2)
  })
})

describe('a refused mint', () => {
  it.each<[string, object, object]>([
    [
      'of a project',
      { projects: ['library'] },
      { hint: expect.stringMatching(/^Make the login an administrator of the project\./) },
    ],
    ['of the system level', { projects: ['*'] }, { hint: expect.stringContaining('only a system administrator') }],
  ])('%s has a hint who may do it', async (_, changes, expected) => {
    await using harbor = await startFakeHarbor()
    const minted = (await issuerOf(harbor, changes)).mint(DESCRIPTION)
    await expect(minted).rejects.toMatchObject({ code: 'issuer-access-denied', status: 403, ...expected })
    expect(harbor.robots()).toEqual([])
  })

  it('of a robot account that may not pull itself has the message of Harbor', async () => {
    await using harbor = await startFakeHarbor()
    const access = [
      { resource: 'project', action: 'read' },
      { resource: 'robot', action: 'create' },
    ]
    const { username, value } = harbor.createRobot({ permissions: [{ kind: 'project', namespace: 'team', access }] })
    const minted = (await issuerOf(harbor, { username, password: value })).mint(DESCRIPTION)
    await expect(minted).rejects.toMatchObject({
      message: expect.stringContaining('403 DENIED: permission scope is invalid.'),
      hint: expect.stringContaining('only create robot accounts with permissions that it has itself'),
    })
  })

  it.each([
    [400, /^Check `projects`\. Check that Harbor has version 2\.2/],
    [401, /no longer accepts the login/],
    [404, /^Check `projects`: Harbor has no such project/],
    [412, /ask its administrators/],
    [422, /^Check that Harbor has version 2\.2/],
  ])('with %i has a hint', async (status, hint) => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    harbor.faults.add({ when: { method: 'POST' }, fault: { kind: 'status', status } })
    await expect(issuer.mint(DESCRIPTION)).rejects.toMatchObject({ status, hint: expect.stringMatching(hint) })
  })
})

describe('a robot account whose response is lost', () => {
  it.each<Fault>([{ kind: 'reset-after' }, { kind: 'truncate' }, { kind: 'truncated-json' }])(
    'is deleted, because its secret is lost, and another one is minted: %o',
    async (fault) => {
      await using harbor = await startFakeHarbor()
      const issuer = await issuerOf(harbor)
      harbor.faults.add({ when: { method: 'POST' }, fault })
      harbor.journal.length = 0
      const { id, value } = await mintOnce(issuer, DESCRIPTION, never)
      expect(harbor.robots()).toHaveLength(2)
      expect(harbor.presentRobots()).toMatchObject([{ id, value, description: DESCRIPTION }])
      expect(requests(harbor).filter((line) => !line.startsWith('GET'))).toEqual([
        'POST robots',
        'DELETE robots/1',
        'POST robots',
      ])
    },
  )

  it('and arrives after it was looked for, has the name of the next one: it is deleted', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    const late = harbor.createRobot({ name: `team+${NAME}`, description: DESCRIPTION })
    const { id, value, username } = await issuer.mint(DESCRIPTION)
    expect(late.username).toBe(username)
    expect(id).not.toBe(late.id)
    expect(harbor.presentRobots()).toMatchObject([{ id, value }])
  })

  it('is not taken for one of the same name with another description', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    const theirs = harbor.createRobot({ name: `team+${NAME}`, description: 'theirs' })
    await expect(issuer.mint(DESCRIPTION)).rejects.toMatchObject({
      message: expect.stringContaining(`409 CONFLICT: robot account 2:team+${NAME} already exists`),
      hint: expect.stringContaining('Another robot account has this name'),
    })
    expect(harbor.presentRobots()).toEqual([theirs])
  })
})
