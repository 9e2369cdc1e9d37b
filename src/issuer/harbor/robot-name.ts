import { createHash } from 'node:crypto'
import { MANAGER_NAME } from '../../core/constants.ts'

/** Part of the name of every robot account that this action mints. */
export const ROBOT_NAME_PREFIX = `${MANAGER_NAME}-`

/** The end of the user name of such a robot. Harbor puts its own prefix, and the project, in front of it. */
const OWN_NAME = new RegExp(`${ROBOT_NAME_PREFIX}[0-9a-f]{8}-[0-9a-f]{16}$`)

/** How many words of a description tell one mint from another: run, time and unique suffix. */
const MINT_WORDS = 3

/**
 * The name of the robot account of one mint: a digest of what it is minted for, which all mints for the same targets share, and
 * a digest of the whole description, which is unique. Harbor accepts `^[a-z0-9]+(?:[._-][a-z0-9]+)*$`:
 * https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/robot.go
 */
export function robotNameOf(description: string): string {
  const purpose = description.split(' ').slice(0, -MINT_WORDS).join(' ')
  return `${ROBOT_NAME_PREFIX}${digest(purpose, 8)}-${digest(description, 16)}`
}

/** Whether a user name is that of a robot account that this action may have minted. */
export function isOwnName(userName: string): boolean {
  return OWN_NAME.test(userName)
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}
