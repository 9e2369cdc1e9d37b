import { createHash } from 'node:crypto'

/** How a registry names content. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
