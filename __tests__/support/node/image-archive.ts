import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from '../registry/digest.ts'
import { buildImage, type ImageContent, MANIFEST_TYPE } from '../registry/image.ts'
import { tar } from './tar.ts'

/**
 * An image as a tar in the OCI layout, which containerd imports.
 * @returns its path
 */
export async function writeImageArchive(folder: string, name: string, content: ImageContent): Promise<string> {
  const layout = join(folder, 'layout')
  const blobs = join(layout, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  const image = buildImage(content)
  for (const blob of [image.layer, image.config, image.manifest]) {
    await writeFile(join(blobs, digestOf(blob).replace('sha256:', '')), blob)
  }
  const manifest = {
    mediaType: MANIFEST_TYPE,
    size: image.manifest.length,
    digest: digestOf(image.manifest),
    annotations: { 'io.containerd.image.name': name },
  }
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }))

  const path = join(folder, 'image.tar')
  await writeFile(path, tar(layout, ['oci-layout', 'index.json', 'blobs']))
  return path
}
