// Inputs as the runner passes them on, for the tests of this folder.
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type Inputs, loadInputs } from '../../../src/inputs/inputs.ts'
import { explain } from '../../../src/report/error-text.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'

/** The `with` of a step. */
export type Provided = Readonly<Record<string, string>>

/** Part of every value that no error may show. */
export const SECRET = 'hunter2'

export const folder = mkdtempDisposableSync(join(tmpdir(), 'inputs-'))
afterAll(() => folder.remove())

/** Writes a file for a test. @returns its path */
export function file(name: string, text: string): string {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}

export const { certificate } = await createAuthority('inputs')

/** A context of a kubeconfig with its cluster. */
export function entry(context: string, namespace?: string) {
  return { context, server: `https://${context}.example.com`, certificateAuthority: certificate, namespace } as const
}

export const config = kubeconfig([
  { ...entry('prod', 'shop'), user: { token: `${SECRET}-prod` } },
  { ...entry('test'), user: { token: `${SECRET}-test` } },
])

/** The fewest inputs of `provider: dedicated`, which logs in with the CLI. */
export const required = { 'dedicated-domain': 'd1.example.net', organization: 'acme' }
/** The fewest inputs of the other providers. */
export const ibmcloud = {
  provider: 'ibmcloud',
  'api-key': `${SECRET}-key`,
  account: 'a1',
  'service-id': 'ServiceId-1',
  'docker-server': 'us.icr.io',
}
export const harbor = {
  provider: 'harbor',
  'registry-endpoint': 'https://harbor.example.com',
  username: 'jo',
  password: `${SECRET}-harbor`,
  projects: 'team',
  'verify-image': 'team/app',
}
export const staticPassword = {
  provider: 'static',
  'docker-server': 'ghcr.io',
  'docker-username': 'jo',
  'docker-password': `${SECRET}-password`,
}
export const dockerConfig = {
  provider: 'docker-config',
  'docker-config': JSON.stringify({ auths: { 'ghcr.io': { auth: btoa(`jo:${SECRET}-docker`) } } }),
}
/** A run that writes to a cluster. */
export const withSecret = { ...required, 'secret-name': 'pull', kubeconfig: config }
/** The same without a kubeconfig. The login is missing. */
export const withServer = { ...required, 'secret-name': 'pull', 'kube-server': 'https://k.example.com:6443' }

export const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: team/web}]}\n'

export function environmentOf(provided: Provided): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(provided).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
}

export function read(provided: Provided, environment: NodeJS.ProcessEnv = {}): Promise<Inputs> {
  return loadInputs({ HOME: folder.path, ...environment, ...environmentOf(provided) })
}

/** The errors as the log shows them; none when the inputs are valid. */
export async function errorsOf(provided: Provided, environment?: NodeJS.ProcessEnv): Promise<string[]> {
  try {
    await read(provided, environment)
    return []
  } catch (error) {
    return explain(error)
  }
}

/** The input that an error is about. */
export function inputOf(error: string): string | undefined {
  return /^Input `(.+?)` /.exec(error)?.[1]
}
