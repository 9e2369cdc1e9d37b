/** The registry host of an image; Docker Hub where it names none. */
export function hostOf(image: string): string {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : HUB
}

/** An image without its tag and digest. */
export function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

/** Whether an entry of a docker config is for an image, as the kubelet matches: `*` within a label, then the path. */
export function opens(entry: string, image: string): boolean {
  const [host = '', ...path] = entry.replace(/^https?:\/\//, '').split('/')
  const own = hostOf(image)
  if (own === HUB && /(^|\.)docker\.io$/.test(host)) return true
  const glob = host.replace(/[^\w*-]/g, '\\$&').replaceAll('*', '[^.]*')
  const prefix = path.join('/').replace(/^v[12](\/|$)/, '')
  return new RegExp(`^${glob}$`).test(own) && image.slice(own.length + 1).startsWith(prefix)
}

const HUB = 'docker.io'
