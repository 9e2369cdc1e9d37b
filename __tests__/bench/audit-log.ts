// The audit log of a kube-apiserver: what one user asked of it.
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface AuditLog {
  /** Of kube-apiserver. */
  readonly flags: Readonly<Record<string, string>>
  /** How many requests of the user came since the last call. */
  takeRequests(): Promise<number>
}

export async function createAuditLog(folder: string, user: string): Promise<AuditLog> {
  const [policy, log] = [join(folder, 'audit-policy.json'), join(folder, 'audit.log')]
  await writeFile(log, '')
  await writeFile(
    policy,
    JSON.stringify({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [{ level: 'Metadata', users: [user] }],
    }),
  )
  return {
    flags: { 'audit-policy-file': policy, 'audit-log-path': log },
    async takeRequests() {
      const lines = (await readFile(log, 'utf8')).match(/\n/g)?.length ?? 0
      // The server opens the file for appending, so it continues at the new end.
      await truncate(log)
      return lines
    },
  }
}
