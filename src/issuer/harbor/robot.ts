import { asObjects, asText } from '../../core/json.ts'
import { isId } from './project.ts'
import { isOwnName, tokenIdOf } from './robot-name.ts'

/** A robot account of this action, as Harbor's API shows it. Its secret is shown only when it is created. */
export interface Robot {
  /** The token id. */
  readonly id: string
  /** The user name, with Harbor's prefix. */
  readonly name: string
  readonly description: string
  /** Undefined when it does not expire. */
  readonly expiresAt: Date | undefined
  /** The one project of a project-level robot account, while that exists; undefined for a system-level one. */
  readonly project: string | undefined
}

/** @returns undefined for what is not a robot account with a valid id, and a name that this action gives */
export function robotOf(value: Readonly<Record<string, unknown>>): Robot | undefined {
  const { id, name, description, expires_at: expiresAt, level, permissions } = value
  if (!isId(id) || !isUserName(name) || !isOwnName(name)) return undefined
  const project = level === 'project' ? asText(asObjects(permissions)[0]?.namespace) : undefined
  return {
    id: tokenIdOf(id, name),
    name,
    description: asText(description) ?? '',
    expiresAt: expiryOf(expiresAt),
    project: project !== undefined && PROJECT_NAME.test(project) ? project : undefined,
  }
}

/** The name of a project: https://github.com/goharbor/harbor/blob/c50c7ddd/src/pkg/project/manager.go */
const PROJECT_NAME = /^(?=.{1,255}$)[a-z0-9]+(?:[._-][a-z0-9]+)*$/

/** Text without colons: in a Basic login, what follows a colon is the password. Harbor's prefix is configurable. */
export function isUserName(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s:\p{C}]{1,512}$/u.test(value)
}

/** Harbor returns seconds since the epoch, and -1 for never. */
export function expiryOf(seconds: unknown): Date | undefined {
  const isTime = Number.isSafeInteger(seconds) && Number(seconds) > 0 && Number(seconds) < MAX_TIME
  return isTime ? new Date(Number(seconds) * 1000) : undefined
}

/** Seconds: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const MAX_TIME = 8_640_000_000_000
