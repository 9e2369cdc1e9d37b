// The inputs for the fake IBM services, by provider.
import type { FakeIbm } from './environment.ts'

export function dedicatedInputs(ibm: FakeIbm) {
  return {
    'api-endpoint': ibm.api,
    'registry-endpoint': ibm.registry,
    username: ibm.login.username,
    password: ibm.login.password,
    organization: ibm.organization.name,
  }
}

/** Unsets the inputs of `provider: dedicated`. */
export function noDedicatedInputs(ibm: FakeIbm): Record<string, string> {
  return Object.fromEntries(Object.keys(dedicatedInputs(ibm)).map((name) => [name, '']))
}

/** A token of the registry, as if another step had provided it. */
export function staticInputs(ibm: FakeIbm, password: string): Record<string, string> {
  return {
    ...noDedicatedInputs(ibm),
    provider: 'static',
    'docker-server': ibm.registryHost,
    'docker-username': 'token',
    'docker-password': password,
  }
}

export function ibmcloudInputs(ibm: FakeIbm) {
  return {
    provider: 'ibmcloud',
    'iam-endpoint': ibm.iam,
    'api-key': ibm.login.apiKey,
    account: ibm.serviceId.account,
    'service-id': ibm.serviceId.id,
    'docker-server': ibm.registryHost,
  }
}
