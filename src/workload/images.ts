import { asObject, asText, isObject, isRawJson } from '../core/json.ts'
import { DEFINITION } from '../kubernetes/discovery.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'
import { referenceOf, repositoryOf } from '../registry/reference.ts'

/** An image of the manifests, without tag and digest, and what is deployed instead. */
export interface ImageReplacement {
  readonly name: string
  readonly image: string
}

/** The lists of containers in a pod spec. */
export const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers']

/**
 * Replaces the image of every container with one of the names, in objects of any kind, like the `images` of a kustomization:
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/.
 * @returns the objects, and the names of all images that their containers had
 */
export function replaceImages(
  objects: readonly KubernetesObject[],
  replacements: readonly ImageReplacement[],
): { readonly objects: KubernetesObject[]; readonly names: ReadonlySet<string> } {
  const names = new Set<string>()
  const byName = new Map(replacements.map(({ name, image }) => [name, image]))
  const replaceIn = (container: unknown) => {
    const image = asText(asObject(container).image)
    if (image === undefined) return container
    const name = repositoryOf(image)
    names.add(name)
    const replacement = byName.get(name)
    return replacement === undefined ? container : { ...asObject(container), image: replacement }
  }
  const changed = objects.map((object) =>
    // It has only the schema of containers.
    groupKind(object) === DEFINITION ? object : (replaceContainers(object, replaceIn) as KubernetesObject),
  )
  return { objects: changed, names }
}

/** Custom resources as well can have containers, such as a Rollout of Argo. */
function replaceContainers(value: unknown, replaceIn: (container: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceContainers(item, replaceIn))
  if (!isObject(value) || isRawJson(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const inner = replaceContainers(field, replaceIn)
      return [name, CONTAINERS.includes(name) && Array.isArray(inner) ? inner.map(replaceIn) : inner]
    }),
  )
}

/** Reads `name:tag`, `name@digest` or `name=new-name:tag`; undefined when the text has another form. */
export function parseReplacement(text: string): ImageReplacement | undefined {
  const [, name, separator, image = ''] = /^([^\s=@]+?)(?:(=)(.+))?$/.exec(text) ?? []
  if (separator !== undefined) return name !== undefined && isComplete(image) ? { name, image } : undefined
  return isComplete(text) ? { name: repositoryOf(text), image: text } : undefined
}

const COMPLETE = /^[a-zA-Z0-9][\w.-]*(?::\d+)?(?:\/[\w.-]+)*(?::\w[\w.-]{0,127})?(?:@\w+:[0-9a-fA-F]{32,})?$/

/** Whether an image is valid and has a tag or a digest. */
function isComplete(image: string): boolean {
  return COMPLETE.test(image) && referenceOf(image) !== undefined && repositoryOf(image) !== image
}
