import { asObjects } from '../../core/json.ts'
import { HttpError } from '../../http/errors.ts'
import { header } from '../../http/response.ts'
import type { HarborApi } from './api.ts'
import type { Projects } from './project.ts'
import { type Robot, robotOf } from './robot.ts'
import { ROBOT_NAME_PREFIX } from './robot-name.ts'

/** Harbor returns no more: https://github.com/goharbor/harbor/blob/c50c7ddd/api/v2.0/swagger.yaml (`page_size`) */
const PAGE_SIZE = 100

/** More than this action can have minted; it stops at a server that always returns a next page. */
const MAX_PAGES = 100

/** Which robot accounts are listed: those of one project, or the system-level ones. */
export type Level = { readonly project: string } | 'system'

/**
 * Lists the robot accounts of one level whose names contain this action's prefix.
 * @throws the errors of `Send`
 */
export async function listRobots(api: HarborApi, projects: Projects, level: Level): Promise<readonly Robot[]> {
  // The names and the project are simple: what Harbor decodes twice stays as it is.
  const name = `name=~${ROBOT_NAME_PREFIX}`
  const filter =
    level === 'system' ? name : `Level=project,ProjectID=${await projects.idOf(api, level.project)},${name}`
  const robots = new Map<string, Robot>()
  for (let page = 1; page <= MAX_PAGES; page++) {
    const query = new URLSearchParams({ q: filter, page: String(page), page_size: String(PAGE_SIZE) })
    const response = await api.request({
      operation: `list the robot accounts of ${nameOf(level)} at ${api.endpoint}`,
      path: `/robots?${query}`,
      hints: () => (level === 'system' ? SYSTEM_HINTS : PROJECT_HINTS),
    })
    const listed = arrayOf(response.text)
    if (listed === undefined) throw response.unexpected('its body is not a list of robot accounts')
    for (const robot of asObjects(listed).map(robotOf)) if (robot !== undefined) robots.set(robot.id, robot)
    if (!hasNext(header(response, 'link')) && listed.length < PAGE_SIZE) break
    if (listed.length === 0) break
  }
  return [...robots.values()]
}

/** As `listRobots`; an empty list where the login may not list this level, or where the project is gone. */
export async function listVisible(api: HarborApi, projects: Projects, level: Level): Promise<readonly Robot[]> {
  try {
    return await listRobots(api, projects, level)
  } catch (error) {
    if (error instanceof HttpError && (error.status === 403 || error.status === 404)) return []
    throw error
  }
}

export function nameOf(level: Level): string {
  return level === 'system' ? 'the system level' : `project ${level.project}`
}

/** The link is a path with a query that is not encoded: only that there is one is used. */
function hasNext(link: string | undefined): boolean {
  return link !== undefined && /;\s*rel="?next"?/i.test(link)
}

function arrayOf(text: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    // Go writes `null` for an empty list.
    return parsed === null ? [] : Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

const LOGIN_HINT = 'Harbor no longer accepts the login of this run: check that `username` was not changed or disabled.'

const PROJECT_HINTS = {
  401: LOGIN_HINT,
  403: 'Make the login a project administrator, or give its robot account the permission to list robot accounts.',
}

const SYSTEM_HINTS = {
  401: LOGIN_HINT,
  403: 'Only a system administrator, or a system-level robot account with the permission to list robot accounts, may list system-level ones.',
}
