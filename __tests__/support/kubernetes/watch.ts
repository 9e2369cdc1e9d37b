// A watch: what there is or what changed since a version, then what changes.
import { Readable } from 'node:stream'
import type { KubernetesObject, Resource } from './resources.ts'
import type { Selects } from './selector.ts'
import { badRequest, expired } from './status.ts'
import type { Change, Store } from './store.ts'

interface WatchOptions {
  /** Empty or 0: begin with everything there is. */
  readonly version: string
  /** Undefined: as long as the client stays. */
  readonly timeoutSeconds: number | undefined
}

/** Events as lines of JSON. */
export function watch(
  store: Store,
  resource: Resource,
  selects: Selects,
  { version, timeoutSeconds }: WatchOptions,
): Readable {
  if (!/^\d*$/.test(version)) throw badRequest(`resourceVersion: Invalid value: "${version}"`)
  const closed = new AbortController()
  const events = new Readable({
    read() {},
    destroy(error, done) {
      closed.abort()
      done(error)
    },
  })
  const send = (type: string, object: KubernetesObject) => events.push(`${JSON.stringify({ type, object })}\n`)
  const sendChange = (change: Change) => {
    const type = change.resource === resource ? typeOf(change, selects) : undefined
    if (type !== undefined) send(type, change.object)
  }
  const end = () => events.push(null)

  if (version === '' || version === '0') {
    for (const object of store.list(resource, '').filter(selects)) send('ADDED', object)
  } else if (Number(version) < store.oldestVersion) {
    send('ERROR', expired(`too old resource version: ${version} (${store.oldestVersion})`).status)
    end()
  } else {
    for (const change of store.since(Number(version))) sendChange(change)
  }
  store.onChange(sendChange, closed.signal)
  if (timeoutSeconds !== undefined) {
    const timer = setTimeout(end, timeoutSeconds * 1000)
    closed.signal.addEventListener('abort', () => clearTimeout(timer))
  }
  return events
}

/** An object that ceases to match is gone for this watch; one that begins to is new. */
function typeOf({ object, previous, isDeleted }: Change, selects: Selects): string | undefined {
  const matched = previous !== undefined && selects(previous)
  if (!isDeleted && selects(object)) return matched ? 'MODIFIED' : 'ADDED'
  return matched ? 'DELETED' : undefined
}
