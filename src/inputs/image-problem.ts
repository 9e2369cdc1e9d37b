import { DIGEST, type ImageReference, imagePrefix, repositoryOf } from '../registry/reference.ts'
import { quote } from './quote.ts'
import type { Reader } from './reader.ts'
import { parseVerifyImage } from './registry.ts'

type Problem = readonly [problem: string, hint: string]

/** Adds the error of a `verify-image` that `readRegistry` does not accept. */
export function addImageError(read: Reader, servers: readonly string[]): void {
  const value = read.text('verify-image') ?? ''
  const image = parseVerifyImage(value, servers)
  const problem = image === undefined ? malformedImage(value) : unmatchedImage(image, servers)
  if (problem === undefined) read.addInvalid('verify-image', `is ${quote(value)}`)
  else read.addError('verify-image', ...problem)
}

/** What often comes from another tool, or from `github.repository`: https://github.com/distribution/reference/blob/main/regexp.go */
function malformedImage(value: string): Problem | undefined {
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value) ?? []
  const name = repositoryOf(value.slice(scheme.length))
  const is = `is ${quote(value)}`
  const use = `Use ${quote(name.toLowerCase())}, then the tag or digest.`
  // The `@` of a URL can end a login.
  if (scheme !== '') return [`${is}, which starts with ${scheme}`, value.includes('@') ? 'Leave it out.' : use]
  if (/[A-Z]/.test(name)) return [`${is}, but the name of an image is in lower case`, use]
  const [, digest] = value.slice(value.lastIndexOf('/') + 1).split('@')
  if (digest === undefined || DIGEST.test(digest)) return undefined
  return [
    `${is}, whose digest cannot exist`,
    'After sha256: it has 64 hex digits in lower case, after sha512: it has 128.',
  ]
}

/** What is wrong with an image that nodes pull with none of the credentials: no registry would verify it. */
export function unmatchedImage({ host, repository }: ImageReference, servers: readonly string[]): Problem {
  const name = quote(host === undefined ? repository : `${host}/${repository}`)
  const prefixes = [...new Set(servers.map(imagePrefix))].join(', ')
  return [
    `names ${name}, for which nodes do not use the credential`,
    `They use it for images that start with ${prefixes}.`,
  ]
}
