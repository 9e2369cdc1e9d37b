import { DAY_MS } from '../../core/days.ts'
import { ActionError, InputError } from '../../core/errors.ts'
import { asText } from '../../core/json.ts'
import type { Send } from '../../http/client.ts'
import { HttpError } from '../../http/errors.ts'
import type { HttpResponse } from '../../http/response.ts'
import { printable } from '../../runner/log.ts'
import { mask, publish } from '../../runner/mask.ts'
import type { Confirmation, Issuer, ListedCredential, MintedCredential, StoredCredential } from '../issuer.ts'
import { acceptsRobot, createApi, type HarborLogin } from './api.ts'
import { isId, type Projects } from './project.ts'
import { expiryOf, isUserName, type Robot, robotOf } from './robot.ts'
import { HINTS, mintHints } from './robot-hints.ts'
import { type Level, listRobots, listVisible, nameOf } from './robot-list.ts'
import { numberOf, robotNameOf, tokenIdOf } from './robot-name.ts'

/** What the robot accounts may pull, and how long. */
export interface RobotRequest extends HarborLogin {
  /** Names, or only `*`: all projects. */
  readonly projects: readonly string[]
  /** After this time, rounded up to days, a robot account expires by itself; undefined: never. */
  readonly expiresInMs: number | undefined
}

/** `robot.description`: https://github.com/goharbor/harbor/blob/c50c7ddd/make/migrations/postgresql/0004_1.8.0_schema.up.sql */
const MAX_DESCRIPTION_LENGTH = 1024

/**
 * Issues robot accounts of Harbor by `/api/v2.0/robots`: a project-level one for one project, else a system-level one.
 * @param known what the session knows about projects
 */
export function createRobotIssuer(send: Send, request: RobotRequest, known: Projects): Issuer {
  const api = createApi(send, request)
  const { projects, expiresInMs, endpoint } = request
  const level = levelOf(projects)
  const location = `at ${endpoint}`

  async function mint(description: string): Promise<MintedCredential> {
    if (description.length > MAX_DESCRIPTION_LENGTH) throw tooLong(description)
    return await createInScope(description).catch(async (error: unknown) => {
      if (!(error instanceof HttpError) || error.status !== 409) throw error
      // The name is unique to this mint: an earlier request for it, whose response was lost, has arrived after all.
      const lost = (await listRobots(api, known, level)).find((robot) => robot.description === description)
      if (lost === undefined) throw error
      await revoke(lost.id)
      return await createInScope(description)
    })
  }

  /**
   * A robot account can only create others with its own permissions, which it may have with or without the effect `allow`. That
   * is the same to Harbor, except where it compares them:
   * https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/robot.go (`isValidPermissionScope`)
   */
  async function createInScope(description: string): Promise<MintedCredential> {
    return await create(description, {}).catch(async (error: unknown) => {
      if (!(error instanceof HttpError) || error.details.serverCode !== 'DENIED') throw error
      return await create(description, { effect: 'allow' })
    })
  }

  async function create(description: string, effect: { readonly effect?: 'allow' }): Promise<MintedCredential> {
    const days = expiresInMs === undefined ? undefined : Math.ceil(expiresInMs / DAY_MS)
    const name = robotNameOf(description)
    const response = await api.request({
      operation: `mint a robot account of ${nameOf(level)} ${location}`,
      method: 'POST',
      path: '/robots',
      body: {
        name,
        description,
        level: level === 'system' ? 'system' : 'project',
        duration: days ?? -1,
        permissions: projects.map((project) => ({
          kind: 'project',
          namespace: project,
          access: [{ resource: 'repository', action: 'pull', ...effect }],
        })),
      },
      hints: () => mintHints(level),
    })
    const ownExpiry = days === undefined ? undefined : new Date(Date.now() + days * DAY_MS)
    return createdOf(response, name, ownExpiry)
  }

  async function list(): Promise<readonly ListedCredential[]> {
    const robots = [...(await listRobots(api, known, level))]
    // Robot accounts of earlier inputs: the other level, and projects that are no longer listed.
    for (const other of otherLevels()) robots.push(...(await listVisible(api, known, other)))
    return robots.map(({ id, description }) => ({ id, description }))
  }

  function otherLevels(): Level[] {
    const names = new Set([...projects.filter((name) => name !== '*'), ...known.earlier()])
    const levels: Level[] = ['system', ...[...names].map((project) => ({ project }))]
    return levels.filter((one) => nameOf(one) !== nameOf(level))
  }

  /** Harbor shows the secret of a robot account only when it creates it. */
  async function recover(id: string): Promise<undefined> {
    await revoke(id)
  }

  /** Harbor does not show whose secret a text is, so the robot account with the recorded id has to log in with it. */
  async function confirm({ id, value }: StoredCredential): Promise<Confirmation> {
    if (numberOf(id) === undefined || !SECRET.test(value)) return 'mismatch'
    const response = await api.request({ ...requestFor(id, 'look up'), expectedStatuses: [403, 404] })
    if (response.status === 404) return 'gone'
    const robot = response.status === 403 ? undefined : robotOf(response.json())
    if (robot?.id !== id) return 'mismatch'
    if (isExpired(robot)) return 'gone'
    if (!(await acceptsRobot(createApi(send, { endpoint, username: robot.name, password: value })))) return 'mismatch'
    if (robot.project !== undefined) known.addEarlier(robot.project)
    return 'match'
  }

  async function revoke(id: string): Promise<void> {
    await api.request({ ...requestFor(id, 'delete'), method: 'DELETE', expectedStatuses: [404] })
  }

  function requestFor(id: string, verb: string) {
    const operation = `${verb} robot account ${printable(id)} ${location}`
    const number = numberOf(id)
    if (number === undefined)
      throw new ActionError(
        'invalid-token-id',
        `Could not ${operation}: "${printable(id)}" is not the id of a robot account`,
      )
    return { operation, path: `/robots/${number}`, hints: () => HINTS }
  }

  return { mint, list, recover, confirm, revoke }
}

/** A project-level robot account can pull from one project only. */
function levelOf(projects: readonly string[]): Level {
  const [only] = projects
  return projects.length === 1 && only !== undefined && only !== '*' ? { project: only } : 'system'
}

function createdOf(response: HttpResponse, requestedName: string, requestedExpiry: Date | undefined): MintedCredential {
  const { id, name, secret, expires_at: expiresAt } = response.json()
  const value = asText(secret)
  if (value !== undefined) mask(value)
  if (value === undefined || !isId(id) || !isUserName(name) || !name.endsWith(requestedName))
    throw response.unexpected('the response has no robot account with a valid id, name and secret')
  publish([name])
  const expiry = expiresAt === undefined ? requestedExpiry : expiryOf(expiresAt)
  return { id: tokenIdOf(id, name), value, username: name, expiresAt: expiry }
}

/** 8 to 128 characters: https://github.com/goharbor/harbor/blob/c50c7ddd/src/controller/robot/controller.go (`IsValidSec`) */
const SECRET = /^[\x21-\x7e]{8,128}$/

/** It can pull nothing any more, although it exists. */
function isExpired({ expiresAt }: Robot): boolean {
  return expiresAt !== undefined && expiresAt.getTime() <= Date.now()
}

function tooLong(description: string): InputError {
  const limit = `Harbor stores ${MAX_DESCRIPTION_LENGTH} characters`
  return new InputError(
    'token-description',
    `and what the action appends to it make a description of ${description.length} characters, and ${limit}`,
    'Shorten it, or write to fewer clusters in one step.',
  )
}
