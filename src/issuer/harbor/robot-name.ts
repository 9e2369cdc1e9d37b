import { MANAGER_NAME } from '../../core/constants.ts'
import { sha256 } from '../../core/digest.ts'

/** Part of the name of every robot account that this action mints. */
export const ROBOT_NAME_PREFIX = `${MANAGER_NAME}-`

/** The end of the user name of such a robot. Harbor puts its own prefix, and the project, in front of it. */
const OWN_NAME = /registry-pull-secret-[0-9a-f]{8}-[0-9a-f]{16}$/

const TOKEN_ID = /^([1-9]\d{0,15})-[0-9a-f]{16}$/

/** Characters at the end of a name that are unique to a mint. */
const UNIQUE_LENGTH = 16

/** Words at the end of a description that differ between mints: run, time and unique suffix. */
const MINT_WORDS = 3

/**
 * The name of the robot account of one mint: a digest of what it is minted for, which all mints for the same targets share, and
 * a digest of the whole description, which is unique. Harbor accepts `^[a-z0-9]+(?:[._-][a-z0-9]+)*$`:
 * https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/robot.go
 */
export function robotNameOf(description: string): string {
  const purpose = description.split(' ').slice(0, -MINT_WORDS).join(' ')
  return `${ROBOT_NAME_PREFIX}${digest(purpose, 8)}-${digest(description, UNIQUE_LENGTH)}`
}

/** Whether a user name is that of a robot account that this action may have minted. */
export function isOwnName(userName: string): boolean {
  return OWN_NAME.test(userName)
}

/**
 * The token id of a robot account: its number, and the end of its name. Each Harbor server counts from 1, and a cluster can
 * have secrets for several of them.
 */
export function tokenIdOf(number: number, userName: string): string {
  return `${number}-${userName.slice(-UNIQUE_LENGTH)}`
}

/** The number of a robot account; undefined for what is not a token id of one. */
export function numberOf(tokenId: string): number | undefined {
  const number = Number(TOKEN_ID.exec(tokenId)?.[1])
  return Number.isSafeInteger(number) ? number : undefined
}

function digest(text: string, length: number): string {
  return sha256(text).slice(0, length)
}
