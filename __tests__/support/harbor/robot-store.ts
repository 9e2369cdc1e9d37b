import { randomBytes } from 'node:crypto'
import { knownSecrets } from '../secrecy/known-secrets.ts'

export interface Access {
  readonly resource: string
  readonly action: string
  readonly effect?: string
}

export interface Permission {
  readonly kind: 'system' | 'project'
  /** A project's name, `*`, or `/` for the system. */
  readonly namespace: string
  readonly access: readonly Access[]
}

export interface RobotRecord {
  readonly id: number
  /** As it is stored: with the project, and without Harbor's prefix. */
  readonly name: string
  readonly secret: string
  readonly description: string
  /** 0: a system-level one. */
  readonly projectId: number
  /** Days; -1: for ever. */
  readonly duration: number
  /** Seconds since the epoch; -1: never. */
  readonly expiresAt: number
  readonly permissions: readonly Permission[]
  readonly disabled: boolean
  readonly deleted: boolean
  readonly createdAt: Date
}

export type NewRobot = Pick<RobotRecord, 'name' | 'description' | 'projectId' | 'duration' | 'permissions'>

const DAY_SECONDS = 24 * 60 * 60

/** Every robot account ever created, the deleted ones too. */
export class RobotStore {
  readonly #records: Writable<RobotRecord>[] = []

  /** @returns undefined when one of the same project has this name: https://github.com/goharbor/harbor/blob/c50c7ddd/src/pkg/robot/dao/dao.go */
  create(robot: NewRobot): RobotRecord | undefined {
    if (this.present().some(({ name, projectId }) => name === robot.name && projectId === robot.projectId))
      return undefined
    const createdAt = new Date()
    const now = Math.floor(createdAt.getTime() / 1000)
    const record = {
      id: this.#records.length + 1,
      ...robot,
      // 32 letters and digits, with one of each kind.
      secret: `aA1${randomBytes(64).toString('base64').replaceAll(/\W/g, '').slice(0, 29)}`,
      expiresAt: robot.duration === -1 ? -1 : now + robot.duration * DAY_SECONDS,
      disabled: false,
      deleted: false,
      createdAt,
    }
    this.#records.push(record)
    knownSecrets.add(record.secret, 'secret of a robot account')
    return { ...record }
  }

  all(): readonly RobotRecord[] {
    return this.#records.map((record) => ({ ...record }))
  }

  /** Those that are not deleted, the expired and disabled ones too. */
  present(): readonly RobotRecord[] {
    return this.all().filter(({ deleted }) => !deleted)
  }

  delete(id: number): void {
    this.#change(id, { deleted: true })
  }

  disable(id: number): void {
    this.#change(id, { disabled: true })
  }

  expire(id: number): void {
    this.#change(id, { expiresAt: Math.floor(Date.now() / 1000) - 1 })
  }

  #change(id: number, changes: Partial<RobotRecord>): void {
    for (const record of this.#records) if (record.id === id) Object.assign(record, changes)
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Whether a robot account can log in: https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/middleware/security/robot.go */
export function isUsable({ deleted, disabled, expiresAt }: RobotRecord): boolean {
  return !deleted && !disabled && (expiresAt === -1 || expiresAt > Date.now() / 1000)
}
