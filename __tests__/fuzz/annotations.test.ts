import fc from 'fast-check'
import { isTokenId } from '../../src/issuer/token-id.ts'
import { formatPending, type PendingRotation, parsePending } from '../../src/pull-secret/pending.ts'
import {
  type CredentialRecord,
  conflictingRecords,
  droppedHosts,
  formatRecords,
  formatWith,
  ownRecords,
  parseRecords,
} from '../../src/pull-secret/record.ts'
import { expectSame, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedJson, hostileText } from './hostile.ts'

const now = Date.parse('2025-11-24T10:00:00Z')
const record = {
  hosts: ['registry.example.com', 'us.icr.io'],
  provider: 'dedicated',
  repository: 'acme/shop',
  id: 'id-1',
  'minted-at': '2025-11-23T10:00:00.123Z',
  'expires-at': '2025-12-23T10:00:00Z',
  scope: ['cluster shop/pull', 'cluster,other 3 pull sha256:0123456789abcdef'],
  cluster: '0123456789abcdef kube.example.com:6443~fedcba9876543210',
  retained: ['id-8', 'ApiKey-0c2b7c5e-5e34-4f0e-8f0e-1d1f3c1e0b1a'],
  run: 'https://github.com/acme/shop/actions/runs/1',
}
const owner = { repository: 'acme/shop', provider: 'dedicated', hosts: ['us.icr.io'] }
const own: CredentialRecord = {
  ...owner,
  tokenId: 'id-9',
  mintedAt: new Date(now),
  expiresAt: undefined,
  run: '',
  cluster: undefined,
  scopes: ['cluster shop/pull'],
  retained: [],
}
const records = editedJson([
  [record],
  [record, { ...record, hosts: ['ghcr.io'], provider: 'static', id: 'provided-1' }],
  [{ hosts: ['a'], provider: 'p', id: 'i', scope: [] }],
])

function expectWithinLimits({ tokenId, hosts, scopes, retained, mintedAt, expiresAt }: CredentialRecord): void {
  const ids = [tokenId, ...retained]
  const isValid =
    ids.every(isTokenId) &&
    hosts.length > 0 &&
    Math.max(hosts.length, scopes.length, retained.length) <= 100 &&
    hosts.every((host) => host.length <= 253) &&
    scopes.every((scope) => scope.length <= 4096 && !/[^\x20-\x7e]/.test(scope))
  expectThat(isValid, 'a record within its limits', ids)
  expectThat(!mintedAt || mintedAt.getTime() <= now + 600_000, 'a date in the past', mintedAt)
  expiresAt?.toISOString()
}

fuzz('records', 'of any annotation are within their limits, and are read again as they are written', {
  cases: records,
  check: (annotation) => {
    const read = parseRecords(annotation, now)
    expectThat(read.length <= 50, 'at most 50', read.length)
    for (const one of read) expectWithinLimits(one)
    const written = formatRecords(read)
    expectSame(formatRecords(parseRecords(written, now)), written)
    ownRecords(read, owner)
    conflictingRecords(read, owner)
    droppedHosts(read, owner)
    // There is always room for the record of this step.
    const withOwn = formatWith(read, own)
    const isWritten = ownRecords(parseRecords(withOwn), own).some(({ tokenId }) => tokenId === 'id-9')
    expectThat(isWritten && withOwn.length <= 64 * 1024, 'an annotation with the own record', withOwn)
  },
})

const rotation = {
  key: 'run-1',
  repository: 'acme/shop',
  provider: 'ibmcloud',
  hosts: ['us.icr.io'],
  descriptions: ['registry-pull-secret acme/shop pull [cluster shop/pull] us.icr.io 2025-11-24T10:00:00.000Z a1b2'],
  superseded: ['id-1', 'id-2'],
}

fuzz('pending mark', 'any annotation is read, and again as it is written', {
  share: 0.5,
  cases: editedJson([[rotation], [rotation, { ...rotation, key: 'run-2', hosts: [] }], [{ key: 'k', provider: 'p' }]]),
  check: (annotation) => {
    const read = parsePending(annotation)
    for (const { key, provider, repository, hosts, descriptions, superseded } of read) {
      const texts = [key, provider, repository, ...hosts, ...descriptions, ...superseded]
      const isValid =
        texts.every((text) => text.length <= 4000 && !/\p{Cc}/u.test(text)) &&
        superseded.every(isTokenId) &&
        Math.max(hosts.length, descriptions.length, superseded.length) <= 50
      expectThat(isValid, 'a mark within its limits', texts)
    }
    const written = formatPending(read)
    if (written !== null && written.length <= 32 * 1024) expectSame(formatPending(parsePending(written)), written)
  },
})

const id = fc.constantFrom('id-1', 'id-2', 'ApiKey-1', 'a'.repeat(128))
const marks: fc.Arbitrary<PendingRotation[]> = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b'),
    repository: fc.constantFrom('acme/shop', ''),
    provider: fc.constantFrom('static', 'ibmcloud'),
    hosts: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    descriptions: fc.array(
      hostileText.map((text) => `d${text.replace(/\p{Cc}/gu, '').slice(0, 1000)}`),
      { maxLength: 3 },
    ),
    superseded: fc.array(id, { maxLength: 3 }),
  }),
  { maxLength: 3 },
)

fuzz('pending mark', 'what this action records is read as it was', {
  share: 0.5,
  cases: marks,
  check: (pending) => {
    const written = formatPending(pending)
    if (written === null || written.length <= 32 * 1024) expectSame(parsePending(written), pending.map(inOrder))
  },
})

/** With its fields in the order in which they are read. */
function inOrder({ key, provider, repository, ...lists }: PendingRotation): PendingRotation {
  return { key, provider, repository, ...lists }
}
