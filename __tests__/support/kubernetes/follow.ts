// What happens to one object. A watch knows every version; a reader may miss some.
import { createInterface } from 'node:readline'
import { Agent, request } from 'undici'
import type { KubernetesEndpoint } from './endpoint.ts'
import type { KubernetesObject } from './resources.ts'

export interface Followed extends AsyncDisposable {
  /** The object when the watch began. */
  readonly first: KubernetesObject | undefined
  /** Why versions are missed from now on. */
  failure(): unknown
}

/**
 * @param onVersion receives each version after the first, in order; undefined when the object is deleted
 * @returns to be disposed, which throws when the watch ended earlier or `onVersion` threw: then versions were missed
 */
export async function follow(
  { url, certificateAuthority, adminToken }: KubernetesEndpoint,
  collection: string,
  name: string,
  onVersion: (version: KubernetesObject | undefined) => void,
): Promise<Followed> {
  const agent = new Agent({ connect: { ca: certificateAuthority }, bodyTimeout: 0 })
  const get = (query: string) =>
    request(`${url}${collection}?fieldSelector=metadata.name=${name}${query}`, {
      headers: { authorization: `Bearer ${adminToken}` },
      dispatcher: agent,
    })
  // The version of the list, not of the object: the server forgets old ones after some minutes, and a watch cannot start from those.
  // https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
  // biome-ignore lint/suspicious/noExplicitAny: a list of objects, as the server returns it
  const { items, metadata } = (await (await get('')).body.json()) as any
  const { body } = await get(`&watch=true&resourceVersion=${metadata.resourceVersion}`)
  const lines = createInterface({ input: body })
  lines.on('error', () => {}) // Reading throws it; when that is over, it means nothing.
  let isOver = false
  let failure: unknown
  const read = async () => {
    for await (const line of lines) {
      const { type, object } = JSON.parse(line)
      if (type === 'ERROR') throw new Error(`The watch of ${collection}/${name} failed: ${object.message}`)
      onVersion(type === 'DELETED' ? undefined : object)
    }
    throw new Error(`The watch of ${collection}/${name} ended.`)
  }
  const reading = read().catch((error: unknown) => {
    if (!isOver) failure = error
  })
  return {
    first: items[0],
    failure: () => failure,
    async [Symbol.asyncDispose]() {
      isOver = true
      await agent.destroy()
      await reading
      if (failure !== undefined) throw failure
    },
  }
}
