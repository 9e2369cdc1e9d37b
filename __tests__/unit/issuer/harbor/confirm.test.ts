import { describe, expect, it } from 'vitest'
import { Projects } from '../../../../src/issuer/harbor/project.ts'
import { createRobotIssuer } from '../../../../src/issuer/harbor/robot-account.ts'
import { robotNameOf } from '../../../../src/issuer/harbor/robot-name.ts'
import { type FakeHarbor, startFakeHarbor } from '../../../support/harbor/environment.ts'
import { json } from '../../../support/http/exchange.ts'
import type { Fault } from '../../../support/http/faults.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { NOT_IDS } from '../not-ids.ts'
import { DESCRIPTION, issuerOf, requestFor, requests, send } from './fixture.ts'

/** Texts that are ids of other issuers, or none of Harbor's numbers. */
const NOT_ROBOT_IDS = [
  ...NOT_IDS,
  '7',
  'ApiKey-1',
  ...['0', '07', '-1', '1e3', '9'.repeat(16)].map((text) => `${text}-${'a'.repeat(16)}`),
]

/** Of a robot account that a server describes as `robotNameOf('one')`. */
const ID = `1-${robotNameOf('one').slice(-16)}`

const ours = (harbor: FakeHarbor, text = 'one') =>
  harbor.createRobot({ name: `team+${robotNameOf(text)}`, description: text })

describe('a stored robot account', () => {
  it('matches when it logs in with the stored value under its recorded id', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    const [one, another] = [ours(harbor), ours(harbor, 'another')]
    harbor.journal.length = 0
    expect(await issuer.confirm(one)).toBe('match')
    expect(await issuer.confirm({ id: another.id, value: one.value })).toBe('mismatch')
    expect(requests(harbor).slice(0, 2)).toEqual([`GET robots/${one.number}`, 'GET users/current'])
    expect(harbor.journal[1]?.headers.authorization).toBe(`Basic ${btoa(`${one.username}:${one.value}`)}`)
    // Each stored value is tried once.
    expect(harbor.failedLogins).toEqual([another.username])
  })

  it('is a mismatch with a name of its own, and its value is not sent', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    const theirs = harbor.createRobot()
    harbor.journal.length = 0
    expect(await issuer.confirm(theirs)).toBe('mismatch')
    expect(requests(harbor)).toEqual([`GET robots/${theirs.number}`])
  })

  it('is a mismatch where the login may not read it', async () => {
    await using harbor = await startFakeHarbor()
    const system = await (await issuerOf(harbor, { ...harbor.admin, projects: ['*'] })).mint(DESCRIPTION)
    expect(await (await issuerOf(harbor)).confirm(system)).toBe('mismatch')
  })

  it('is a mismatch while it is disabled, and gone when it is expired or deleted', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    const robot = ours(harbor)
    harbor.disableRobot(robot.id)
    expect(await issuer.confirm(robot)).toBe('mismatch')
    harbor.expireRobot(robot.id)
    expect(await issuer.confirm(robot)).toBe('gone')
    harbor.deleteRobot(robot.id)
    expect(await issuer.confirm(robot)).toBe('gone')
  })

  it.each(NOT_ROBOT_IDS)('is a mismatch with the id %j, without a request', async (id) => {
    await using server = await startWebServer(() => json(200, {}))
    const issuer = createRobotIssuer(send, requestFor(server.url), new Projects())
    expect(await issuer.confirm({ id, value: 'Aa345678' })).toBe('mismatch')
    expect(server.journal).toEqual([])
  })

  it.each(['', 'short', 'two words', 'two\nlines', 'nul\0nulnul', 'käsekäse', 'x'.repeat(129)])(
    'is a mismatch with the value %j, without a request',
    async (value) => {
      await using server = await startWebServer(() => json(200, {}))
      const issuer = createRobotIssuer(send, requestFor(server.url), new Projects())
      expect(await issuer.confirm({ id: ID, value })).toBe('mismatch')
      expect(server.journal).toEqual([])
    },
  )

  it.each([
    {},
    { id: 2, name: robotNameOf('one') },
    { id: 1 },
    { id: 1, name: `a b${robotNameOf('one')}` },
    { id: 1, name: 'x' },
    { id: 1, name: robotNameOf('other') },
  ])('is a mismatch with the response %j', async (body) => {
    await using server = await startWebServer(() => json(200, body))
    const issuer = createRobotIssuer(send, requestFor(server.url), new Projects())
    expect(await issuer.confirm({ id: ID, value: 'Aa345678' })).toBe('mismatch')
    expect(server.journal).toHaveLength(1)
  })

  it('does not match where a server accepts every login as that of a user', async () => {
    await using server = await startWebServer(() => json(200, { id: 1, name: `robot$${robotNameOf('one')}` }))
    const issuer = createRobotIssuer(send, requestFor(server.url), new Projects())
    expect(await issuer.confirm({ id: ID, value: 'Aa345678' })).toBe('mismatch')
  })

  it('is not confirmed while Harbor returns errors', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    const fault: Fault = { kind: 'status', status: 500, headers: { 'retry-after': '0' } }
    harbor.faults.add({ when: { path: '/api/v2.0/users/current' }, fault, times: 9 })
    await expect(issuer.confirm(ours(harbor))).rejects.toThrow('returned 500')
  })
})

describe('a deletion', () => {
  it('deletes one robot account only, and succeeds for a deleted one', async () => {
    await using harbor = await startFakeHarbor()
    const issuer = await issuerOf(harbor)
    const [one, another] = [ours(harbor), ours(harbor, 'another')]
    await issuer.revoke(one.id)
    await issuer.revoke(one.id)
    expect(harbor.presentRobots()).toEqual([another])
    expect(await issuer.recover(another.id)).toBeUndefined()
    expect(harbor.presentRobots()).toEqual([])
  })

  it('that is not allowed has a hint who may do it', async () => {
    await using harbor = await startFakeHarbor()
    const system = await (await issuerOf(harbor, { ...harbor.admin, projects: ['*'] })).mint(DESCRIPTION)
    await expect((await issuerOf(harbor)).revoke(system.id)).rejects.toMatchObject({
      code: 'issuer-access-denied',
      message: expect.stringContaining(`Could not delete robot account ${system.id} at ${harbor.url}`),
      hint: expect.stringContaining('system administrator'),
    })
    expect(harbor.presentRobots()).toHaveLength(1)
  })

  it.each(NOT_ROBOT_IDS)('of %j is never sent', async (id) => {
    await using server = await startWebServer(() => json(200, {}))
    const issuer = createRobotIssuer(send, requestFor(server.url), new Projects())
    await expect(issuer.revoke(id)).rejects.toMatchObject({ code: 'invalid-token-id' })
    expect(server.journal).toEqual([])
  })
})
