// Every function that reads a stored docker config gets arbitrary ones: anyone who can write the secret can change it.
import { expect, it } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { passwordOf } from '../../../src/policy/credential.ts'
import { selectCandidates } from '../../../src/policy/reuse.ts'
import { planRotation } from '../../../src/policy/rotation-plan.ts'
import { describeSecret } from '../../../src/pull-secret/read.ts'
import { dockerConfig } from '../../../src/registry/docker-config.ts'
import { annotationOf } from '../../support/records.ts'

const HOST = 'us.icr.io'
const login = { username: 'iamapikey', password: 'ours', auth: btoa('iamapikey:ours') }
const owner = { repository: 'acme/shop', provider: 'ibmcloud', hosts: [HOST] }
const request = {
  owner,
  username: 'iamapikey',
  clusters: [],
  maxAgeMs: Number.POSITIVE_INFINITY,
  provided: undefined,
}

/** The same numbers in every run, so failures are reproducible. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

const values = [null, true, -1, 1e300, '', 'x', 'dTpw', '%%%', '\u0000', '\uD800', 'a'.repeat(100_000), [], {}]
const keys = [HOST, 'auths', 'auth', 'username', 'password', 'email', '__proto__', 'constructor', '', '9', 'é']

/** Random JSON with the keys of a docker config. */
function randomJson(random: (below: number) => number, depth: number): unknown {
  const kind = depth === 0 ? 0 : random(5)
  if (kind === 0) return values[random(values.length)]
  if (kind === 1) return Array.from({ length: random(4) }, () => randomJson(random, depth - 1))
  if (kind === 2) return { ...login, [keys[random(keys.length)] ?? '']: randomJson(random, depth - 1) }
  const entries = Array.from({ length: random(5) }, () => [keys[random(keys.length)], randomJson(random, depth - 1)])
  return Object.fromEntries(entries)
}

function secretWith(config: string): Parameters<typeof describeSecret>[0] {
  const annotations = annotationOf({ ...owner, id: 'old', 'minted-at': '2025-11-23T10:00:00Z', scope: ['c n/pull'] })
  return {
    metadata: {
      name: 'pull',
      namespace: 'n',
      labels: { 'app.kubernetes.io/managed-by': 'registry-pull-secret' },
      annotations,
    },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(config).toString('base64') },
  }
}

it.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'arbitrary docker configs cause no exception and no invalid output (seed %i)',
  (seed) => {
    const random = createRandom(seed)
    for (let count = 0; count < 25; count++) {
      const config = JSON.stringify(random(2) ? { auths: randomJson(random, 4) } : randomJson(random, 5))
      const cut = random(8) === 0 ? config.slice(0, random(config.length)) : config
      const stored = describeSecret(secretWith(cut), { name: 'c' } as Cluster)

      const { candidates } = selectCandidates([stored], request, new Date())
      for (const candidate of candidates) expect(passwordOf(candidate)).toMatch(/^[\x20-\x7e]+$/)
      const { superseded } = planRotation({ tokenId: 'new', scope: 's', login: request }, [stored])
      const references = superseded.flatMap((token) => token.references)
      for (const { value } of references) expect(value).toBeTypeOf('string')

      const credential = { logins: [{ servers: [HOST], username: 'iamapikey', password: 'ours' }] }
      const written = JSON.parse(dockerConfig(credential, stored.config))
      expect(written.auths[HOST]).toEqual(login)
      for (const entry of Object.values(written.auths)) expect(entry).toBeTypeOf('object')
    }
  },
)
