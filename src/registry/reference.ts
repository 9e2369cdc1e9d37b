/** The registry host of an image; Docker Hub where it names none. */
export function hostOf(image: string): string {
  return hasHost(image) ? (image.split('/')[0] ?? '') : HUB
}

/** Whether an image names its host: else its first part is of the repository. */
export function hasHost(image: string): boolean {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
}

/** An image without its tag and digest. */
export function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

/** Whether an entry of a docker config is for an image, as the kubelet matches: `*` within a label, then the path. */
export function opens(entry: string, image: string): boolean {
  const { host, path } = parseEntry(entry)
  const own = hostOf(image)
  if (own === HUB && /^(index\.)?docker\.io$/.test(host)) return true
  const glob = host.replace(/[^\w*-]/g, '\\$&').replaceAll('*', '[^.]*')
  return new RegExp(`^${glob}$`).test(own) && image.slice(own.length + 1).startsWith(path)
}

/** Whether an entry is for no image: its path is a version that lacks its slash, or holds what no repository may have. */
export function opensNothing(entry: string): boolean {
  const { path } = parseEntry(entry)
  return /^v[12]$/.test(path) || !/^[a-z0-9._/-]*$/.test(path)
}

/** Neither the scheme nor the version of the API counts. */
function parseEntry(entry: string): { readonly host: string; readonly path: string } {
  const [host = '', ...path] = entry.replace(/^https?:\/\//, '').split('/')
  return { host, path: path.join('/').replace(/^v[12]\//, '') }
}

const HUB = 'docker.io'
