import { type ImageReference, imagePrefix } from '../registry/reference.ts'
import { quote } from './quote.ts'
import type { Reader } from './reader.ts'
import { parseVerifyImage } from './registry.ts'

/** Adds the error of a `verify-image` that `readRegistry` does not accept. */
export function addImageError(read: Reader, servers: readonly string[]): void {
  const value = read.text('verify-image') ?? ''
  const image = parseVerifyImage(value, servers)
  if (image === undefined) read.addInvalid('verify-image', `is ${quote(value)}`)
  else read.addError('verify-image', ...unmatchedImage(image, servers))
}

/** What is wrong with an image that nodes pull with none of the credentials: no registry would verify it. */
export function unmatchedImage(
  { host, repository }: ImageReference,
  servers: readonly string[],
): [problem: string, hint: string] {
  const name = quote(host === undefined ? repository : `${host}/${repository}`)
  const prefixes = [...new Set(servers.map(imagePrefix))].join(', ')
  return [
    `names ${name}, for which nodes do not use the credential`,
    `They use it for images that start with ${prefixes}.`,
  ]
}
