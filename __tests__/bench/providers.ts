// Each provider as a contestant: what the step gets, what its shell gets, and how both begin with nothing minted.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FakeHarbor } from '../support/harbor/environment.ts'
import { harborInputs } from '../support/harbor/inputs.ts'
import { ibmcloudInputs, noDedicatedInputs, staticInputs } from '../support/ibm/inputs.ts'
import type { Harness } from './harness.ts'
import type { SHELLS } from './shells.ts'

type Values = Readonly<Record<string, string>>

/** The same for the step and for its shell. */
interface Task {
  readonly inputs: Values
  /** The environment of the shell. */
  readonly variables: Values
}

export interface Provider {
  readonly name: keyof typeof SHELLS
  /** `host:port` of its registry. */
  readonly registry: string
  /** Nothing that was minted before is there. */
  begin(): Promise<Task>
}

export function createProviders({ ibm, folder }: Harness, harbor: FakeHarbor): readonly Provider[] {
  const registry = ibm.registryHost
  const forget = () => {
    for (const { id } of ibm.liveTokens()) ibm.revokeToken(id)
    for (const { id } of ibm.liveKeys()) ibm.revokeKey(id)
    for (const { id } of harbor.presentRobots()) harbor.deleteRobot(id)
  }
  const { login, organization, serviceId } = ibm
  const without = noDedicatedInputs(ibm)
  const provider = (name: Provider['name'], task: () => Task | Promise<Task>, host = registry): Provider => ({
    name,
    registry: host,
    async begin() {
      forget()
      return await task()
    },
  })
  return [
    provider('dedicated', () => ({
      inputs: {},
      variables: {
        API: ibm.api,
        REGISTRY: ibm.registry,
        LOGIN: login.username,
        PASSWORD: login.password,
        ORGANIZATION: organization.name,
      },
    })),
    provider('ibmcloud', () => ({
      inputs: { ...without, ...ibmcloudInputs(ibm) },
      variables: { IAM: ibm.iam, API_KEY: login.apiKey, IAM_ID: serviceId.iamId, ACCOUNT: serviceId.account },
    })),
    provider(
      'harbor',
      () => {
        const { username, password } = harbor.projectAdmin
        return {
          inputs: { ...without, ...harborInputs(harbor) },
          variables: { REGISTRY: harbor.url, LOGIN: username, PASSWORD: password },
        }
      },
      harbor.registryHost,
    ),
    provider('static', () => {
      const { value } = ibm.mintToken()
      return { inputs: staticInputs(ibm, value), variables: { PASSWORD: value } }
    }),
    provider('docker-config', async () => {
      const auth = Buffer.from(`token:${ibm.mintToken().value}`).toString('base64')
      const file = join(folder, 'config.json')
      await writeFile(file, JSON.stringify({ auths: { [registry]: { auth } } }))
      const inputs = { ...without, provider: 'docker-config', 'docker-config': file }
      return { inputs, variables: { DOCKER_CONFIG_FILE: file } }
    }),
  ]
}
