import { asObject, asText } from '../core/json.ts'
import { uidOf } from '../kubernetes/object.ts'
import { matchesImage } from '../registry/reference.ts'
import { warning } from '../runner/log.ts'
import type { Applied } from './apply.ts'
import { displayName } from './display-name.ts'
import type { Observer } from './observer.ts'
import type { PullSecret } from './pod-spec.ts'
import { currentPods } from './pods.ts'

/**
 * Warns about workloads whose nodes already had an image from the secret's registries: that they run does not verify
 * that the secret can pull it. https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
 */
export async function warnAboutCachedImages(
  ready: ReadonlyMap<Observer, readonly { readonly applied?: Applied }[]>,
  { name, hosts }: PullSecret,
): Promise<void> {
  const cached = await Promise.all(
    [...ready].map(([observer, workloads]) =>
      withCachedImage(
        observer,
        workloads.flatMap(({ applied }) => applied ?? []),
        hosts,
      ),
    ),
  )
  const [first, ...others] = cached.flat()
  if (first === undefined) return
  const which = displayName(first) + (others.length > 0 ? ` and ${others.length} more` : '')
  warning(
    'cached-image',
    `The nodes already had the image of ${which}, so this run did not verify that secret ${name} can pull it. Set \`imagePullPolicy: Always\` or \`verify-image\`.`,
  )
}

async function withCachedImage(
  observer: Observer,
  workloads: readonly Applied[],
  hosts: readonly string[],
): Promise<Applied[]> {
  const cachedFor = (await observer.pulledEvents()).flatMap(({ message, involvedObject }) => {
    // https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/image_manager.go
    const image = /^Container image "([^"]+)" already present on machine/.exec(asText(message) ?? '')?.[1]
    const isFromHosts = image !== undefined && hosts.some((host) => matchesImage(host, image))
    return isFromHosts ? [asObject(involvedObject).uid] : []
  })
  return workloads.filter((applied) => {
    const object = observer.informer(applied.collection).get(applied.name)?.object
    return object && currentPods(observer, { applied, object }).some((pod) => cachedFor.includes(uidOf(pod)))
  })
}
