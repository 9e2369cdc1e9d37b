// What this action records in a secret, as an administrator reads and edits it.

const RECORDS = 'registry-pull-secret/credentials'

/** One entry of the annotation. */
export interface WrittenRecord {
  hosts: readonly string[]
  provider: string
  repository: string
  id: string
  'minted-at'?: string
  'expires-at'?: string
  scope: readonly string[]
  retained?: readonly string[]
  run?: string
}

interface Annotated {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> }
}

export function recordsOf(secret: Annotated | undefined): WrittenRecord[] {
  return JSON.parse(secret?.metadata?.annotations?.[RECORDS] ?? '[]')
}

/** The id of the token in a secret with one record. */
export function tokenIdOf(secret: Annotated | undefined): string | undefined {
  return recordsOf(secret)[0]?.id
}

/** The rotations that a secret records as not finished. */
// biome-ignore lint/suspicious/noExplicitAny: what a test asserts
export function pendingOf(secret: Annotated | undefined): any[] {
  return JSON.parse(secret?.metadata?.annotations?.['registry-pull-secret/pending'] ?? '[]')
}

/** The annotation of a secret, with changes to its only record. */
export function changedRecord(secret: Annotated | undefined, changes: Partial<WrittenRecord>): Record<string, string> {
  return annotationOf({ ...recordsOf(secret)[0], ...changes })
}

/** The annotation for such records. */
export function annotationOf(...records: readonly Partial<WrittenRecord>[]): Record<string, string> {
  return { [RECORDS]: JSON.stringify(records) }
}
