// What nodes do for Pods with `imagePullPolicy: Always` that start all the time: read the secret, log in with it, pull.
import { setTimeout as sleep } from 'node:timers/promises'
import { pullImage } from '../../__tests__/support/fake-node/image-pull.ts'
import { tokenIdOf } from '../../__tests__/support/records.ts'
import { SECRET, type Session } from './mode.ts'

export interface Pull {
  /** When it began, in milliseconds since the epoch. */
  readonly at: number
  /** What the secret recorded; undefined where there was no secret, or one of another client. */
  readonly tokenId: string | undefined
  /** Why it failed; undefined: it succeeded. */
  readonly error: string | undefined
}

export interface Pullers extends AsyncDisposable {
  readonly pulls: readonly Pull[]
}

/** Of one puller, between two pulls. */
const PAUSE_MS = 60

/** Starts a puller for each of these namespaces, which pulls until it is disposed. */
export function startPullers({ ibm, cluster }: Session, namespaces: readonly string[]): Pullers {
  const pulls: Pull[] = []
  const stop = new AbortController()
  const image = `${ibm.registryHost}/${ibm.image.repository}:${ibm.image.tag}`

  async function pullFrom(namespace: string): Promise<void> {
    while (!stop.signal.aborted) {
      const at = Date.now()
      const { status, body } = await cluster.request('GET', `/api/v1/namespaces/${namespace}/secrets/${SECRET}`)
      const secrets = status === 200 ? [body] : []
      const error = await pullImage(image, secrets, ibm.certificateAuthority).then(
        () => undefined,
        (error: Error) => error.message,
      )
      pulls.push({ at, tokenId: tokenIdOf(secrets[0]), error })
      await sleep(PAUSE_MS)
    }
  }

  const pullers = namespaces.map(pullFrom)
  return {
    pulls,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all(pullers)
    },
  }
}

/** Those that began in a span of time. */
export function pullsBetween(pulls: readonly Pull[], { from, to }: { readonly from: number; readonly to: number }) {
  return pulls.filter(({ at }) => at >= from && at < to)
}

export function failuresOf(pulls: readonly Pull[]): readonly Pull[] {
  return pulls.filter(({ error }) => error !== undefined)
}

/** `120 pulls, 0 failed` */
export function countPulls(pulls: readonly Pull[]): string {
  return `${pulls.length} pulls, ${failuresOf(pulls).length} failed`
}
