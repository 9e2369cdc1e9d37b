import { gzipSync } from 'node:zlib'
import { createRegistryClient, type RegistryAnswer, type RegistryLogin } from './client.ts'
import { digestOf } from './digest.ts'

export interface Image {
  readonly repository: string
  readonly tag: string
}

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json'
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip'

export interface ImageContent {
  /** A tar. */
  readonly layer: Buffer
  readonly command: readonly string[]
}

/** Nothing that could run. */
export const EMPTY_CONTENT: ImageContent = { layer: Buffer.alloc(1024), command: [] }

/** A valid image of one layer. */
export function buildImage({ layer: tar, command }: ImageContent, labels: Readonly<Record<string, string>> = {}) {
  const layer = gzipSync(tar)
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Cmd: command, Labels: labels },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  )
  const descriptor = (mediaType: string, bytes: Buffer) => ({ mediaType, size: bytes.length, digest: digestOf(bytes) })
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: descriptor(CONFIG_TYPE, config),
      layers: [descriptor(LAYER_TYPE, layer)],
    }),
  )
  return { layer, config, manifest }
}

/** @returns the digest of its manifest */
export async function pushImage(
  origin: string,
  { repository, tag, ...login }: Image & RegistryLogin,
  options: { readonly certificateAuthority?: string | undefined; readonly content?: ImageContent | undefined } = {},
): Promise<string> {
  await using client = createRegistryClient(origin, login, options)
  const { layer, config, manifest } = buildImage(options.content ?? EMPTY_CONTENT, { repository, tag })
  for (const blob of [layer, config]) {
    const upload = await client.send({ method: 'POST', path: `/v2/${repository}/blobs/uploads/` })
    const location = new URL(String(required(upload, 202).headers.location), origin)
    location.searchParams.set('digest', digestOf(blob))
    required(await client.send({ method: 'PUT', path: location.href, headers: OCTETS, body: blob }), 201)
  }

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
