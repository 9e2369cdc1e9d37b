import { asObjects } from '../core/json.ts'
import type { Send } from '../http/client.ts'
import type { HttpResponse } from '../http/response.ts'

export interface ImageListRequest {
  /** The origin of the registry. */
  readonly registry: string
  /** Of a login that may see images. */
  readonly credentials: Readonly<Record<string, string>>
}

/**
 * The repositories of a registry of IBM, such as `team/app`, by its list of images.
 * @see https://github.com/IBM-Cloud/bluemix-go/blob/master/api/container/registryv1/images.go for Bluemix
 * @see https://cloud.ibm.com/apidocs/container-registry#list-images
 */
export async function listRepositories(
  send: Send,
  { registry, credentials }: ImageListRequest,
): Promise<readonly string[]> {
  const query = new URLSearchParams({ includeIBM: 'false', includePrivate: 'true', vulnerabilities: 'false' })
  const response = await send({
    service: 'registry',
    operation: `list the images at ${registry}`,
    url: `${registry}/api/v1/images?${query}`,
    credentials,
  })
  return repositoriesIn(response)
}

/** The same registry can have several hosts: which one an image is listed with does not matter. */
function repositoriesIn(response: HttpResponse): string[] {
  const tags = asObjects(parse(response)).flatMap(({ RepoTags }) => (Array.isArray(RepoTags) ? RepoTags : []))
  const names = tags.flatMap((tag) => /^[^/]+\/([^:@]+)/.exec(typeof tag === 'string' ? tag : '')?.[1] ?? [])
  return [...new Set(names)]
}

function parse(response: HttpResponse): unknown {
  try {
    return JSON.parse(response.text)
  } catch {
    // The parser's message quotes the body.
    throw response.unexpected('its body is not JSON')
  }
}
