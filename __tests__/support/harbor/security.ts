// Who sends a request to Harbor, and what they may do. After goharbor/harbor at c50c7ddd: src/server/middleware/security and
// src/common/security.
import { basicLogin, type RecordedRequest } from '../http/exchange.ts'
import type { HarborUser, Project } from './projects.ts'
import { type Access, isUsable, type RobotRecord, type RobotStore } from './robot-store.ts'

/** A project, by its id: 0 where there is none. */
export type Scope = 'system' | { readonly projectId: number }

export interface Principal {
  readonly kind: 'local' | 'robot' | 'v2token'
  /** Empty: anonymous. */
  readonly username: string
  readonly robot?: RobotRecord
  /** Of a local user. */
  readonly user?: HarborUser
  can(access: Access, scope: Scope): boolean
}

export interface Directory {
  readonly users: readonly HarborUser[]
  readonly robots: RobotStore
  readonly projects: readonly Project[]
  readonly switches: { readonly robotPrefix: string }
  /** Of each user name whose login failed. */
  readonly failedLogins: string[]
}

/** A robot account, then a user. A login that is neither is anonymous: no request is refused for it. */
export function principalOf(request: RecordedRequest, directory: Directory): Principal {
  const login = basicLogin(request)
  if (login === undefined) return anonymous(directory)
  const { username, password } = login
  const { robots, users, switches, failedLogins } = directory
  const robot = username.startsWith(switches.robotPrefix)
    ? robots.present().find(({ name }) => name === username.slice(switches.robotPrefix.length))
    : undefined
  if (robot !== undefined && robot.secret === password && isUsable(robot)) return robotPrincipal(robot, directory)
  const user = users.find((one) => one.username === username && one.password === password)
  if (user !== undefined) return userPrincipal(user, directory)
  failedLogins.push(username)
  return anonymous(directory)
}

function userPrincipal(user: HarborUser, { projects }: Directory): Principal {
  return {
    kind: 'local',
    username: user.username,
    user,
    can(access, scope) {
      if (user.isSystemAdmin) return true
      if (scope === 'system') return false
      const project = projects.find(({ id }) => id === scope.projectId)
      if (project === undefined) return false
      // A project administrator may do all that the tests ask for.
      return user.administers.includes(project.name) || isPublic(access, project)
    },
  }
}

function anonymous({ projects }: Directory): Principal {
  return {
    kind: 'local',
    username: '',
    can: (access, scope) =>
      scope !== 'system' && projects.some((project) => project.id === scope.projectId && isPublic(access, project)),
  }
}

function isPublic({ resource, action }: Access, project: Project): boolean {
  const isRead = (resource === 'project' && action === 'read') || (resource === 'repository' && action === 'pull')
  return project.isPublic && isRead
}

function robotPrincipal(robot: RobotRecord, { projects, switches }: Directory): Principal {
  return {
    kind: 'robot',
    username: switches.robotPrefix + robot.name,
    robot,
    can(access, scope) {
      const project = scope === 'system' ? undefined : projects.find(({ id }) => id === scope.projectId)
      if (project !== undefined && isPublic(access, project)) return true
      const granted = robot.permissions.filter(({ kind, namespace }) =>
        scope === 'system'
          ? kind === 'system'
          : kind === 'project' && project !== undefined && ['*', project.name].includes(namespace),
      )
      return granted.some((permission) => permission.access.some((one) => isSame(one, access)))
    },
  }
}

function isSame(one: Access, asked: Access): boolean {
  return one.resource === asked.resource && one.action === asked.action
}
