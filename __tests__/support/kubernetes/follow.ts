// What happens to one object. A watch knows every version; a reader may miss some.
import { createInterface } from 'node:readline'
import { Agent, request } from 'undici'
import type { KubernetesEndpoint } from './endpoint.ts'
import type { KubernetesObject } from './resources.ts'

/** @param onVersion receives each version after the given one, in order; undefined when the object is deleted */
export async function follow(
  { url, certificateAuthority, adminToken }: KubernetesEndpoint,
  collection: string,
  { metadata: { name, resourceVersion } }: KubernetesObject,
  onVersion: (version: KubernetesObject | undefined) => void,
): Promise<AsyncDisposable> {
  const agent = new Agent({ connect: { ca: certificateAuthority }, bodyTimeout: 0 })
  const query = `watch=true&fieldSelector=metadata.name=${name}&resourceVersion=${resourceVersion}`
  const { body } = await request(`${url}${collection}?${query}`, {
    headers: { authorization: `Bearer ${adminToken}` },
    dispatcher: agent,
  })
  const read = async () => {
    for await (const line of createInterface({ input: body })) {
      const { type, object } = JSON.parse(line)
      onVersion(type === 'DELETED' ? undefined : object)
    }
  }
  read().catch(() => {}) // It ends with its connection.
  return { [Symbol.asyncDispose]: () => agent.destroy() }
}
