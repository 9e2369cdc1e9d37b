import { gzipSync } from 'node:zlib'
import { digestOf } from './digest.ts'
import { createRegistryClient, type RegistryAnswer, type RegistryLogin } from './registry-client.ts'

export interface Image {
  readonly repository: string
  readonly tag: string
}

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json'
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip'

/**
 * Pushes a valid image of one empty layer.
 * @returns the digest of its manifest
 */
export async function pushImage(
  origin: string,
  { repository, tag, ...login }: Image & RegistryLogin,
  options: { readonly certificateAuthority?: string | undefined } = {},
): Promise<string> {
  await using client = createRegistryClient(origin, login, options)
  const tar = Buffer.alloc(1024)
  const layer = gzipSync(tar)
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { repository, tag } },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  )
  for (const blob of [layer, config]) {
    const upload = await client.send({ method: 'POST', path: `/v2/${repository}/blobs/uploads/` })
    const location = new URL(String(required(upload, 202).headers.location), origin)
    location.searchParams.set('digest', digestOf(blob))
    required(await client.send({ method: 'PUT', path: location.href, headers: OCTETS, body: blob }), 201)
  }

  const descriptor = (mediaType: string, bytes: Buffer) => ({ mediaType, size: bytes.length, digest: digestOf(bytes) })
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: descriptor(CONFIG_TYPE, config),
      layers: [descriptor(LAYER_TYPE, layer)],
    }),
  )
  const path = `/v2/${repository}/manifests/${tag}`
  const answer = await client.send({ method: 'PUT', path, headers: { 'content-type': MANIFEST_TYPE }, body: manifest })
  required(answer, 201)
  return digestOf(manifest)
}

const OCTETS = { 'content-type': 'application/octet-stream' }

function required(answer: RegistryAnswer, status: number): RegistryAnswer {
  if (answer.status === status) return answer
  throw new Error(`The image was not pushed: ${answer.url} answered ${answer.status} ${answer.body}`)
}
