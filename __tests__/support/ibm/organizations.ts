export interface Organization {
  readonly guid: string
  readonly name: string
  readonly region: string
  /** User names; it is invisible to others. */
  readonly members: readonly string[]
  /** Registry namespaces that its tokens can pull from. */
  readonly namespaces: readonly string[]
}

/** The user that the fake IBM environment's logins belong to. */
export const testUser = 'deployer@example.com'

/** An organization in the way, that the user is a member of. */
function named(name: string, number: number, region = 'us-south'): Organization {
  const guid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
  return { guid, name, region, members: [testUser], namespaces: [] }
}

export const testOrganization: Organization = { ...named('Platform Team', 1), namespaces: ['team'] }

/** An organization whose tokens can pull other images. */
export const otherOrganization: Organization = { ...named('Other Team', 2), namespaces: ['other', 'public'] }

/** An organization that the user is no member of. */
export const foreignOrganization: Organization = { ...named('Foreign Team', 3), members: [], namespaces: ['foreign'] }

/** Names that are easily sent, read or compared wrongly among them; `twin` is in two regions. */
export const testOrganizations: readonly Organization[] = [
  testOrganization,
  otherOrganization,
  foreignOrganization,
  ...['a,b', 'a', 'b', '100%', '50%25', 'x;y', 'x', 'plus+plus', 'Été & <été>'].map((name, at) => named(name, 10 + at)),
  named('Case', 30),
  named('CASE', 31),
  named('twin', 40, 'us-south'),
  named('twin', 41, 'eu-gb'),
]
