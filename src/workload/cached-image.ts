import { asObject, asText } from '../core/json.ts'
import { opens } from '../registry/reference.ts'
import type { Applied } from './apply.ts'
import type { Observer } from './observer.ts'
import { podsOf, uidOf } from './pods.ts'

/** Those whose node had an image of these registry hosts already: that they run says nothing about a pull. */
export async function unpulled(
  observer: Observer,
  workloads: readonly Applied[],
  hosts: readonly string[],
): Promise<Applied[]> {
  const present = (await observer.pulledEvents()).flatMap(({ message, involvedObject }) => {
    const image = /^Container image "([^"]+)" already present on machine/.exec(asText(message) ?? '')?.[1]
    const isOurs = image !== undefined && hosts.some((host) => opens(host, image))
    return isOurs ? [asObject(involvedObject).uid] : []
  })
  return workloads.filter((applied) => {
    const object = observer.collection(applied.collection).get(applied.name)?.object
    return object && podsOf(applied, object, observer).some((pod) => present.includes(uidOf(pod)))
  })
}
