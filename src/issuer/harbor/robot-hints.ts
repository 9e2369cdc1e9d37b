import type { Level } from './robot-list.ts'

const LOGIN_HINT = 'Harbor no longer accepts the login of this run: check that `username` was not changed or disabled.'
const PRECONDITION_HINT = 'A setting of Harbor does not allow it: ask its administrators.'
const VERSION_HINT = 'Check that Harbor has version 2.2 or later, and that no proxy changes the request.'

/** For a request about one robot account. */
export const HINTS = {
  401: LOGIN_HINT,
  403: 'Make the login an administrator of the project of the robot account, or a system administrator for a system-level one.',
  412: PRECONDITION_HINT,
  422: VERSION_HINT,
}

/**
 * For the request that creates a robot account.
 * @see https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/robot.go
 */
export function mintHints(level: Level): Readonly<Record<number, string>> {
  return {
    400: `Check \`projects\`. ${VERSION_HINT}`,
    401: LOGIN_HINT,
    403: level === 'system' ? SYSTEM_HINT : PROJECT_HINT,
    404: 'Check `projects`: Harbor has no such project.',
    409: 'Another robot account has this name. Run the job again: the name of each mint is another one.',
    412: PRECONDITION_HINT,
    422: VERSION_HINT,
  }
}

const SUBSET_HINT =
  'A robot account may only create robot accounts with permissions that it has itself, so it also needs the permission to pull.'

const PROJECT_HINT = `Make the login an administrator of the project. ${SUBSET_HINT} Harbor also returns this for a project that does not exist.`

const SYSTEM_HINT = `Several projects, or \`*\`, take a system-level robot account: only a system administrator, or a system-level robot account with the permission to create robot accounts, may create it. Or set one project. ${SUBSET_HINT}`
