// The docker config of a pull secret, as a kubelet reads it.

interface PullSecret {
  readonly data: Readonly<Record<string, string>>
}

export function configOf({ data }: PullSecret): string {
  return Buffer.from(data['.dockerconfigjson'] ?? '', 'base64').toString()
}

/** The login for a host; undefined when there is none. */
export function loginFor(secret: PullSecret, host: string): { username: string; password: string } | undefined {
  return JSON.parse(configOf(secret)).auths[host]
}

/** The bytes of the entry of a host; undefined when there is none. */
export function entryOf(secret: PullSecret, host: string): string | undefined {
  return configOf(secret)
    .match(/"[^"]+":\{[^{}]*\}/g)
    ?.find((entry) => entry.startsWith(`"${host}":`))
}
