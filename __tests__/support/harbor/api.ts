// Harbor's API, as far as the action uses it. After goharbor/harbor at c50c7ddd: api/v2.0/swagger.yaml and
// src/server/v2.0/handler.
import { type FakeResponse, json, type RecordedRequest } from '../http/exchange.ts'
import type { Route } from '../http/http-server.ts'
import { refuse, unauthorized } from './error.ts'
import { robotHandlers } from './robots.ts'
import { type Directory, principalOf } from './security.ts'

export function apiRoutes(directory: Directory): readonly Route[] {
  const { create, list, item } = robotHandlers(directory)
  const handle = (handlers: Readonly<Record<string, (request: RecordedRequest) => FakeResponse>>) => {
    return (request: RecordedRequest) =>
      handlers[request.method]?.(request) ??
      refuse('METHOD_NOT_ALLOWED', `method ${request.method} is not allowed, but [${Object.keys(handlers)}] are`)
  }

  /** src/server/v2.0/handler/user.go */
  function currentUser(request: RecordedRequest): FakeResponse {
    const { username, user, kind } = principalOf(request, directory)
    if (username === '') return unauthorized()
    if (user === undefined)
      return refuse('PRECONDITION', `get current user not available for security context: ${kind}`)
    return json(200, { user_id: user.id, username, sysadmin_flag: user.isSystemAdmin })
  }

  /** src/server/v2.0/handler/project.go: the right to read comes before whether there is such a project. */
  function project(request: RecordedRequest): FakeResponse {
    const nameOrId = decodeURIComponent(request.path.split('/').at(-1) ?? '')
    const isName = request.headers['x-is-resource-name'] === 'true' || !/^\d+$/.test(nameOrId)
    const found = directory.projects.find(({ id, name }) => (isName ? name === nameOrId : id === Number(nameOrId)))
    const principal = principalOf(request, directory)
    const scope = { projectId: found?.id ?? 0 }
    if (!principal.can({ resource: 'project', action: 'read' }, scope))
      return principal.username === '' ? unauthorized() : refuse('FORBIDDEN', 'forbidden')
    if (found === undefined) return refuse('NOT_FOUND', `project ${nameOrId} not found`)
    return json(200, { project_id: found.id, name: found.name, metadata: { public: String(found.isPublic) } })
  }

  return [
    { server: 'harbor', path: /^\/api\/v2\.0\/users\/current$/, handle: handle({ GET: currentUser }) },
    { server: 'harbor', path: /^\/api\/v2\.0\/projects\/[^/]+$/, handle: handle({ GET: project }) },
    { server: 'harbor', path: /^\/api\/v2\.0\/robots$/, handle: handle({ GET: list, POST: create }) },
    { server: 'harbor', path: /^\/api\/v2\.0\/robots\/[^/]+$/, handle: handle({ GET: item, DELETE: item }) },
  ]
}
