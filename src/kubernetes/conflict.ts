import { setTimeout as sleep } from 'node:timers/promises'
import { HttpError } from '../http/errors.ts'

/** Somebody else may edit the same object at the same time: so often we look again. */
export const TRIES = 50

/** Milliseconds: by how much the pauses grow, and how long the longest can be. */
const STEP = 10
const LONGEST = 200

export function isConflict(error: unknown): boolean {
  return error instanceof HttpError && error.status === 409
}

/** A pause of any length up to a growing one: those that have collided in step would collide again. */
export async function giveWay(attempt: number): Promise<void> {
  await sleep(Math.random() * Math.min(attempt * STEP, LONGEST))
}
