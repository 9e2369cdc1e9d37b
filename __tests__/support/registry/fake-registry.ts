// A small registry in this process, for machines without docker-registry: blobs and manifests in memory.
import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { bearerToken, type FakeResponse, type Handler, json, type RecordedRequest } from '../http/exchange.ts'
import { verifyRs256 } from '../ibm/jwt.ts'
import { mayDo } from './access.ts'
import { digestOf } from './digest.ts'
import { buildImage, EMPTY_CONTENT, type Image, MANIFEST_TYPE } from './image.ts'
import { ISSUER, SERVICE } from './realm.ts'
import { denied, registryError, unauthorized } from './refusal.ts'

interface Manifest {
  readonly type: string
  readonly bytes: Buffer
}

/** One repository. */
interface Repository {
  readonly blobs: Map<string, Buffer>
  readonly uploads: Map<string, Buffer>
  readonly manifests: Map<string, Manifest>
  readonly tags: Map<string, string>
}

/**
 * @param trusted PEM of the realm's signer
 * @param images what it holds at first
 */
export function fakeRegistry(realm: string, trusted: string, images: readonly Image[]): Handler {
  const repositories = new Map(images.map((image) => [image.repository, repositoryOf(image)]))

  return async (request) => {
    const path = request.path.slice('/v2/'.length)
    const [, name, kind, reference = ''] = /^(.+?)\/(manifests|blobs|tags)(?:\/(.*))?$/.exec(path) ?? []
    const action = request.method === 'GET' || request.method === 'HEAD' ? 'pull' : 'push'
    const scope = name && `repository:${name}:${action === 'pull' ? 'pull' : 'pull,push'}`
    const claims = verifyRs256(bearerToken(request) ?? '', trusted)
    if (claims?.iss !== ISSUER || claims.aud !== SERVICE) return unauthorized(realm, scope)
    if (path === '') return json(200, {}, VERSION)
    // The realm gives no one access to the catalog.
    if (path === '_catalog') return denied(request.method)
    if (name === undefined) return registryError(404, 'NAME_INVALID', 'invalid repository name')
    if (!mayDo(claims.access, name, action)) return denied(request.method)

    const repository = repositories.get(name) ?? createRepository()
    if (action === 'push') repositories.set(name, repository)
    const answer = await serve(repository, name, kind, reference, request)
    return request.method === 'HEAD' ? { ...answer, body: '' } : answer
  }

  async function serve(
    repository: Repository,
    name: string,
    kind: string | undefined,
    reference: string,
    request: RecordedRequest,
  ): Promise<FakeResponse> {
    if (kind === 'manifests') return await serveManifest(repository, name, reference, request)
    if (kind === 'blobs') return await serveBlob(repository, name, reference, request)
    if (!repositories.has(name)) return registryError(404, 'NAME_UNKNOWN', 'repository name not known to registry')
    return json(200, { name, tags: [...repository.tags.keys()].sort() }, VERSION)
  }
}

async function serveManifest(
  { manifests, tags, blobs }: Repository,
  name: string,
  reference: string,
  { method, headers, incoming }: RecordedRequest,
): Promise<FakeResponse> {
  if (method === 'PUT') {
    const bytes = await buffer(incoming)
    const missing = references(bytes).find((digest) => !blobs.has(digest))
    if (missing !== undefined) return registryError(400, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry')
    const digest = digestOf(bytes)
    manifests.set(digest, { type: headers['content-type'] ?? '', bytes })
    if (!reference.includes(':')) tags.set(reference, digest)
    return created(`/v2/${name}/manifests/${digest}`, digest)
  }
  const digest = reference.includes(':') ? reference : (tags.get(reference) ?? '')
  const manifest = manifests.get(digest)
  if (manifest === undefined) return registryError(404, 'MANIFEST_UNKNOWN', 'manifest unknown')
  return content(manifest.bytes, manifest.type, digest)
}

async function serveBlob(
  { blobs, uploads }: Repository,
  name: string,
  reference: string,
  { method, query, incoming }: RecordedRequest,
): Promise<FakeResponse> {
  if (method === 'GET' || method === 'HEAD') {
    const blob = blobs.get(reference)
    if (blob === undefined) return registryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry')
    return content(blob, 'application/octet-stream', reference)
  }
  const [, id = ''] = reference.split('/')
  const upload = method === 'POST' ? randomUUID() : id
  const earlier = method === 'POST' ? Buffer.alloc(0) : uploads.get(id)
  if (earlier === undefined) return registryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry')
  const bytes = Buffer.concat([earlier, await buffer(incoming)])
  uploads.set(upload, bytes)

  const digest = query.get('digest')
  if (digest === null) {
    const headers = { location: `/v2/${name}/blobs/uploads/${upload}`, range: `0-${Math.max(0, bytes.length - 1)}` }
    return { status: 202, headers: { ...VERSION, ...headers, 'docker-upload-uuid': upload } }
  }
  if (digest !== digestOf(bytes))
    return registryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content')
  uploads.delete(upload)
  blobs.set(digest, bytes)
  return created(`/v2/${name}/blobs/${digest}`, digest)
}

const VERSION = { 'docker-distribution-api-version': 'registry/2.0' }

function repositoryOf({ repository: name, tag }: Image): Repository {
  const repository = createRepository()
  const { layer, config, manifest } = buildImage(EMPTY_CONTENT, { repository: name, tag })
  for (const blob of [layer, config]) repository.blobs.set(digestOf(blob), blob)
  repository.manifests.set(digestOf(manifest), { type: MANIFEST_TYPE, bytes: manifest })
  repository.tags.set(tag, digestOf(manifest))
  return repository
}

function createRepository(): Repository {
  return { blobs: new Map(), uploads: new Map(), manifests: new Map(), tags: new Map() }
}

/** The blobs that a manifest names. */
function references(manifest: Buffer): string[] {
  const { config, layers = [] } = JSON.parse(manifest.toString()) as {
    config?: { digest: string }
    layers?: { digest: string }[]
  }
  return [...(config ? [config] : []), ...layers].map(({ digest }) => digest)
}

function created(location: string, digest: string): FakeResponse {
  return { status: 201, headers: { ...VERSION, location, 'docker-content-digest': digest } }
}

function content(bytes: Buffer, type: string, digest: string): FakeResponse {
  const headers = { 'content-type': type, 'content-length': String(bytes.length), 'docker-content-digest': digest }
  return { status: 200, headers: { ...VERSION, ...headers }, body: bytes }
}
