// Robot accounts of the fake Harbor. After goharbor/harbor at c50c7ddd: src/server/v2.0/handler/robot.go, in the same order of
// checks, and src/controller/robot/controller.go.
import { type FakeResponse, json, type RecordedRequest } from '../http/exchange.ts'
import { internalError, refuse, unauthorized } from './error.ts'
import type { Project } from './projects.ts'
import { isRefusal, matches, pageOf, parseQuery } from './query.ts'
import type { Access, Permission, RobotRecord } from './robot-store.ts'
import { type Directory, type Principal, principalOf, type Scope } from './security.ts'

/** `robot.description varchar(1024)` and `robot.name varchar(255)`. */
const MAX_DESCRIPTION_LENGTH = 1024
const MAX_NAME_LENGTH = 255

interface RobotBody {
  readonly name: string
  readonly description: string
  readonly level: string
  readonly duration: number
  readonly permissions: readonly Permission[]
}

export function robotHandlers(directory: Directory) {
  const { robots, projects, switches } = directory

  function create(request: RecordedRequest): FakeResponse {
    const robot = bodyOf(request)
    if (robot === undefined) return refuse('UNPROCESSABLE_ENTITY', 'parsing robot body from "" failed')
    const { name, description, level, duration, permissions } = robot
    const invalid = invalidName(name) ?? invalidRobot(robot)
    if (invalid !== undefined) return refuse('BAD_REQUEST', invalid)
    const principal = principalOf(request, directory)
    const project = projects.find((one) => one.name === permissions[0]?.namespace)
    const scope: Scope = level === 'system' ? 'system' : { projectId: project?.id ?? 0 }
    const refused = requireAccess(principal, 'create', scope)
    if (refused !== undefined) return refused
    if (principal.robot !== undefined && !isSubset(permissions, principal.robot.permissions)) {
      const limit = "It must be equal to or more restrictive than the creator robot's permissions"
      return refuse('DENIED', `permission scope is invalid. ${limit}: ${principal.username}`)
    }
    if (level === 'project' && project === undefined) return noProject(permissions[0]?.namespace)
    const stored = level === 'project' ? `${project?.name}+${name}` : name
    if (description.length > MAX_DESCRIPTION_LENGTH || stored.length > MAX_NAME_LENGTH) return internalError()
    const missing = permissions.find((one) => one.namespace !== '*' && !isProject(one))
    const projectId = level === 'project' ? (project?.id ?? 0) : 0
    const isTaken = robots.present().some((one) => one.name === stored && one.projectId === projectId)
    if (isTaken) return refuse('CONFLICT', `robot account ${projectId}:${stored} already exists`)
    if (missing !== undefined) return noProject(missing.namespace)
    const created = robots.create({ name: stored, description, projectId, duration, permissions })
    if (created === undefined) return internalError()
    const body = {
      id: created.id,
      name: switches.robotPrefix + created.name,
      secret: created.secret,
      creation_time: created.createdAt.toISOString(),
      expires_at: created.expiresAt,
    }
    return json(201, body, { location: `${request.path}/${created.id}` })
  }

  function isProject({ kind, namespace }: Permission): boolean {
    return kind === 'system' ? namespace === '/' : projects.some(({ name }) => name === namespace)
  }

  function list(request: RecordedRequest): FakeResponse {
    const principal = principalOf(request, directory)
    if (principal.username === '') return unauthorized()
    const keywords = parseQuery(request.query.get('q') ?? '')
    if (isRefusal(keywords)) return keywords
    const level = keywords.get('Level') ?? 'system'
    if (level !== 'system' && level !== 'project') return refuse('BAD_REQUEST', 'bad request error level input')
    const projectId = level === 'project' ? Number(keywords.get('ProjectID')) : 0
    if (level === 'project' && !keywords.has('ProjectID'))
      return refuse('BAD_REQUEST', 'must with project ID when to query project robots')
    if (level === 'project' && !(Number.isInteger(projectId) && projectId > 0))
      return refuse('BAD_REQUEST', 'ProjectID must be a positive integer')
    const refused = requireAccess(principal, 'list', level === 'system' ? 'system' : { projectId })
    if (refused !== undefined) return refused
    const listed = robots
      .present()
      .filter((one) => one.projectId === projectId && matches(one.name, keywords.get('name') ?? keywords.get('Name')))
      .sort((one, another) => (one.name < another.name ? -1 : 1))
    return pageOf(listed.map(shown), request.path, request.query)
  }

  function item(request: RecordedRequest): FakeResponse {
    const id = request.path.split('/').at(-1) ?? ''
    if (!/^-?\d{1,18}$/.test(id))
      return refuse('UNPROCESSABLE_ENTITY', `robot_id in path must be of type int64: "${id}"`)
    const principal = principalOf(request, directory)
    if (principal.username === '') return unauthorized()
    const robot = robots.present().find((one) => one.id === Number(id))
    if (robot === undefined) return refuse('NOT_FOUND', `robot ${id} not found`)
    const action = request.method === 'DELETE' ? 'delete' : 'read'
    const scope: Scope = robot.projectId === 0 ? 'system' : { projectId: robot.projectId }
    const refused = requireAccess(principal, action, scope)
    if (refused !== undefined) return refused
    if (request.method === 'GET') return json(200, shown(robot))
    robots.delete(robot.id)
    return { status: 200 }
  }

  /** The secret is not shown again. The permissions for a project that is gone are left out. */
  function shown(robot: RobotRecord): object {
    const { id, name, description, projectId, duration, expiresAt, disabled, permissions, createdAt } = robot
    return {
      id,
      name: switches.robotPrefix + name,
      description,
      level: projectId === 0 ? 'system' : 'project',
      duration,
      editable: true,
      disable: disabled,
      expires_at: expiresAt,
      permissions: permissions.filter((one) => one.namespace === '*' || isProject(one)),
      creation_time: createdAt.toISOString(),
      update_time: createdAt.toISOString(),
    }
  }

  return { create, list, item }
}

/** @returns the refusal of who may not do this with robot accounts */
function requireAccess(principal: Principal, action: string, scope: Scope): FakeResponse | undefined {
  if (principal.can({ resource: 'robot', action }, scope)) return undefined
  if (principal.username === '') return unauthorized()
  return refuse('FORBIDDEN', scope === 'system' ? principal.username : 'forbidden')
}

function noProject(name: Project['name'] = ''): FakeResponse {
  return refuse('NOT_FOUND', `project ${name} not found`)
}

function bodyOf({ body }: RecordedRequest): RobotBody | undefined {
  try {
    const robot = JSON.parse(body) as Partial<RobotBody>
    return { name: '', description: '', level: '', duration: 0, permissions: [], ...robot }
  } catch {
    return undefined
  }
}

function invalidName(name: string): string | undefined {
  const isValid = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)
  return isValid ? undefined : 'robot name is not in lower case or contains illegal characters'
}

function invalidRobot({ duration, level, permissions }: RobotBody): string | undefined {
  if (duration !== -1 && !(duration > 0 && duration < 2 ** 31 - 1))
    return `bad request error duration input: ${duration}, duration must be either -1(Never) or a positive integer`
  if (level !== 'system' && level !== 'project') return `bad request error level input: ${level}`
  if (permissions.length === 0) return 'bad request empty permission'
  if (permissions.some(({ access }) => access.length === 0)) return 'bad request empty access'
  if (level === 'project' && permissions.length > 1) return 'bad request permission'
  for (const { kind, access } of permissions) {
    const unknown = access.find((one) => !PERMISSIONS[kind]?.includes(`${one.resource}:${one.action}`))
    if (unknown !== undefined) return `bad request permission: ${unknown.resource}:${unknown.action}`
  }
  return undefined
}

/** Of those in src/common/rbac/const.go, the ones that the tests grant. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  system: ['robot:create', 'robot:read', 'robot:list', 'robot:delete', 'project:list'],
  project: [
    'robot:create',
    'robot:read',
    'robot:list',
    'robot:delete',
    'project:read',
    'repository:pull',
    'repository:push',
  ],
}

/** `isValidPermissionScope`: every access is one of the creator, with the same effect. */
function isSubset(asked: readonly Permission[], own: readonly Permission[]): boolean {
  return asked.every(({ kind, namespace, access }) => {
    const granted =
      own.find((one) => one.kind === kind && one.namespace === namespace) ??
      own.find((one) => one.kind === kind && one.namespace === '*')
    const keyOf = ({ resource, action, effect = '' }: Access) => `${resource}:${action}:${effect}`
    const keys = new Set(granted?.access.map(keyOf))
    return access.every((one) => keys.has(keyOf(one)))
  })
}
